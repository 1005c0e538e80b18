namespace Terrace.Numerics.LinearAlgebra;

/// <summary>The entries of a sparse symmetric matrix, handed out front by front to <see cref="SparseCholesky"/>.</summary>
internal interface IFrontalMatrix
{
    /// <summary>
    /// Adds to a front the entries of the matrix that belong to a supernode: each entry once, in the supernode of its earlier position (or, for a clique's matrix as a whole, in the supernode of
    /// the clique's earliest position).
    /// </summary>
    /// <param name="supernode">The supernode.</param>
    /// <param name="place">The row of the front for each position of the order of elimination; valid for the supernode's columns and the rows below them.</param>
    /// <param name="front">The front, column by column; only its lower triangle is used.</param>
    /// <param name="size">The number of its rows.</param>
    void AddTo(int supernode, ReadOnlySpan<int> place, Span<double> front, int size);
}
