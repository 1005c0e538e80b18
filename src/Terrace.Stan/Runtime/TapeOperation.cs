namespace Terrace.Stan.Runtime;

/// <summary>The adjoint of an operation on whole containers. One object a kind of operation; what one use of it needs is its operands, integers on the tape.</summary>
internal abstract class TapeOperation
{
    private static readonly List<TapeOperation> All = [];

    /// <summary>Registers the operation.</summary>
    protected TapeOperation()
    {
        lock (All)
        {
            Index = All.Count;
            All.Add(this);
            Table = [.. All];
        }
    }

    /// <summary>All operations by index.</summary>
    internal static TapeOperation[] Table { get; private set; } = [];

    /// <summary>The place in <see cref="Table"/>.</summary>
    internal int Index { get; }

    /// <summary>Adds to the adjoints of the operands what the adjoints of the result imply. The values of operands and result are those of the forward pass.</summary>
    public abstract void Reverse(Workspace w, ReadOnlySpan<int> operands);
}
