using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design.Structures;

/// <summary>
/// Bases of random walks of order d: the d-th differences of the effects are independent with standard deviation σ, and what the differences do not see (a constant; for d = 2 a line too) is left out.
/// <code>D u = σ e,  B = (I − N N⁺) S,  S = the d-fold running sum with D S = I,  N = (1) or (1, t);   BB' = (D'D)⁺;   scaled: divided by the geometric mean of its rows' lengths</code>
/// Rue and Held (2005), Gaussian Markov Random Fields, sections 3.3 and 3.4; Sørbye and Rue (2014), Scaling intrinsic Gaussian Markov random field priors in spatial modelling, for the scale. B is the right inverse of D whose columns are
/// orthogonal to N. Checked in <c>RandomWalkTests</c> against the pseudo-inverse by eigenvalues.
/// </summary>
internal static class RandomWalk
{
    /// <summary>B, levels × (levels − order).</summary>
    public static Matrix Basis(int levels, int order, bool scaled)
    {
        var basis = new Matrix(levels, levels - order);
        for (int j = 0; j < basis.Columns; j++)
        {
            Span<double> column = basis.Column(j);
            for (int i = j + order; i < levels; i++) column[i] = order == 1 ? 1 : i - j - 1;
            Centre(column);
            if (order == 2) RemoveLine(column);
        }
        if (scaled) IntrinsicScale.Divide(basis, [.. Enumerable.Range(0, levels)]);
        return basis;
    }

    private static void Centre(Span<double> column)
    {
        double mean = 0;
        foreach (double value in column) mean += value / column.Length;
        foreach (ref double value in column) value -= mean;
    }

    private static void RemoveLine(Span<double> column)
    {
        double middle = 0.5 * (column.Length - 1), products = 0, squares = 0;
        for (int i = 0; i < column.Length; i++)
        {
            products += (i - middle) * column[i];
            squares += (i - middle) * (i - middle);
        }
        for (int i = 0; i < column.Length; i++) column[i] -= products / squares * (i - middle);
    }
}
