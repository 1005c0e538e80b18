namespace Terrace.Numerics.LinearAlgebra;

/// <summary>Receives the entries of a selected inverse front by front from <see cref="SparseInverse"/>, last supernode first.</summary>
internal interface IInverseReader
{
    /// <summary>Reads the inverse on the columns of a supernode and the rows below them.</summary>
    /// <param name="supernode">The supernode.</param>
    /// <param name="place">The row of the front for each position of the order of elimination; valid for the supernode's columns and the rows below them.</param>
    /// <param name="front">The inverse's entries, full and symmetric, column by column.</param>
    /// <param name="size">The number of rows of the front.</param>
    void Read(int supernode, ReadOnlySpan<int> place, ReadOnlySpan<double> front, int size);
}
