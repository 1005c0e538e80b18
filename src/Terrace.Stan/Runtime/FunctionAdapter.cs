using Terrace.Stan.Types;

namespace Terrace.Stan.Runtime;

/// <summary>Calls a compiled function with a solver's operands: the values go through the arrays of a call, as compiled code hands them.</summary>
internal sealed class FunctionAdapter(int index, StanType[] arguments, bool[] active, StanType returns, bool returnsActive)
{
    /// <summary>What it was made of, for printing.</summary>
    public (int Index, StanType[] Arguments, bool[] Active, StanType Returns, bool ReturnsActive) Parts => (index, arguments, active, returns, returnsActive);

    /// <summary>The function as solvers call it.</summary>
    public StanCallable Callable => Invoke;

    /// <summary>An integer.</summary>
    public static Operand OfInt(int value) => new() { Kind = OperandKind.Int, Int = value, ArrayDimensions = [] };

    /// <summary>An array of integers.</summary>
    public static Operand OfInts(IntBlock values, int[] dimensions) => new() { Kind = OperandKind.Ints, Ints = values, ArrayDimensions = dimensions };

    /// <summary>Reals.</summary>
    public static Operand OfReals(Block values, int[] dimensions) => new() { Kind = OperandKind.Reals, Reals = values, ArrayDimensions = dimensions };

    private Block Invoke(Workspace w, Operand[] operands)
    {
        int ints = 0, reals = 0;
        if (operands.Length != arguments.Length) Workspace.Fail($"the function takes {arguments.Length} arguments, the solver gives {operands.Length}");
        for (int k = 0; k < operands.Length; k++)
        {
            ref Operand operand = ref operands[k];
            StanType type = arguments[k];
            if (operand.Kind == OperandKind.Int && type.IsInt)
            {
                w.CallInts[ints++] = operand.Int;
                continue;
            }
            if (operand.Kind == OperandKind.Ints && type.IsIntegral)
            {
                w.CallInts[ints++] = operand.Ints.Offset;
                foreach (int size in operand.ArrayDimensions) w.CallInts[ints++] = size;
                continue;
            }
            Block x = operand.Kind == OperandKind.Reals ? operand.Reals : operand.Kind == OperandKind.Int ? w.AllocateScalar(operand.Int, false) : Promotions.ToReals(w, operand.Ints);
            if (type.IsReal)
            {
                w.CallReals[reals++] = w.V[x.Offset];
                if (active[k]) w.CallInts[ints++] = x.Active ? x.Offset : Workspace.IdleSlot;
                continue;
            }
            w.CallInts[ints++] = x.Offset;
            int[] dimensions = operand.ArrayDimensions ?? [];
            if (type.Depth > 0 && dimensions.Length != type.Depth) dimensions = [x.Outer];
            for (int d = 0; d < type.Depth; d++) w.CallInts[ints++] = dimensions[d];
            if (type.Base is BaseType.Vector or BaseType.Matrix) w.CallInts[ints++] = x.Rows;
            if (type.Base is BaseType.RowVector or BaseType.Matrix) w.CallInts[ints++] = x.Cols;
        }
        w.Functions[index](w);
        if (returns.IsReal)
        {
            if (!returnsActive) return w.AllocateScalar(w.CallReals[0], false);
            int slot = w.CallInts[0];
            if (slot != Workspace.IdleSlot) return new Block(slot, 1, 1, 1, true);
            return w.AllocateScalar(w.CallReals[0], false);
        }
        int at = 1, outer = 1;
        for (int d = 0; d < returns.Depth; d++) outer *= w.CallInts[at++];
        int rows = returns.Base is BaseType.Vector or BaseType.Matrix ? w.CallInts[at++] : 1;
        int cols = returns.Base is BaseType.RowVector or BaseType.Matrix ? w.CallInts[at++] : 1;
        return new Block(w.CallInts[0], outer, rows, cols, returnsActive);
    }
}
