namespace Terrace.Stan.Runtime;

/// <summary>Loops on the tape: one record for all rounds, whose adjoint is a compiled method.</summary>
internal sealed unsafe partial class Workspace
{
    /// <summary>Adds an operand to the record that <see cref="CloseLoop"/> will close.</summary>
    public void PushOperand(int operand)
    {
        EnsureCode(1);
        Code[CodeTop++] = operand;
    }

    /// <summary>Closes the record of a loop. The first of its operands is the index of the compiled method, which finds the others from <see cref="CodeTop"/> on.</summary>
    public void CloseLoop(int operands)
    {
        EnsureCode(2);
        Code[CodeTop++] = operands;
        Code[CodeTop++] = ~LoopOperation.Instance.Index;
    }

    private sealed class LoopOperation : TapeOperation
    {
        public static readonly LoopOperation Instance = new();

        public override void Reverse(Workspace w, ReadOnlySpan<int> operands) => w.Functions[operands[0]](w);
    }
}
