namespace Terrace.MixedModels;

/// <summary>
/// All that the estimates of a linear mixed model depend on: the cross-products of random effects, an orthonormal basis of the fixed effects and the response less its regression on them, with a few
/// sums over the rows.
/// </summary>
internal sealed record LinearCrossProducts
{
    /// <summary>A'WA, A'Wr and r'Wr of the cells, r the response less offset and <see cref="Centre"/>.</summary>
    public required BlockedCrossProduct Product { get; init; }

    public required FixedEffectsBasis Basis { get; init; }

    /// <summary>The coefficients of the response's regression on the basis.</summary>
    public required double[] Centre { get; init; }

    /// <summary>The weighted sum of squares of the rows about their cells' means.</summary>
    public double WithinSquares { get; init; }

    /// <summary>The number of rows of positive weight.</summary>
    public required int Rows { get; init; }

    public required double SumLogWeight { get; init; }

    public required double WeightSum { get; init; }
}
