namespace Terrace.Stan.Runtime;

/// <summary>Memory of declared variables: NaN until assigned, so that a value read too early shows.</summary>
internal sealed unsafe partial class Workspace
{
    /// <summary>The place of <paramref name="n"/> reals, all NaN.</summary>
    public int DeclareReals(int n)
    {
        int offset = AllocateSlots(n);
        V.AsSpan(offset, n).Fill(double.NaN);
        return offset;
    }

    /// <summary>The place of <paramref name="n"/> integers, all the least integer.</summary>
    public int DeclareInts(int n)
    {
        IntBlock block = AllocateInts(n);
        Ints(block).Fill(int.MinValue);
        return block.Offset;
    }
}
