namespace Terrace.Design.Terms;

/// <summary>
/// Orthonormal polynomials on the training values of a variable, evaluated anywhere by their recurrence: p₀ = 1, p₁ = x − α₁,
/// pₖ₊₁(x) = (x − αₖ₊₁) pₖ(x) − (νₖ / νₖ₋₁) pₖ₋₁(x) with αₖ₊₁ = Σ x pₖ² / νₖ and νₖ = Σ pₖ² over the training values; column k is pₖ / √νₖ.
/// </summary>
/// <remarks>
/// α is <see cref="Alpha"/>, ν₀ … ν_d is <see cref="SquaredNorms"/>. Kennedy and Gentle (1980), Statistical Computing, section 8.2; the same numbers as R's <c>poly</c>
/// and <c>predict.poly</c> (whose norm2 has a leading 1). Tests: LearnedBasisTests.
/// </remarks>
internal sealed record PolynomialBasis
{
    public required double[] Alpha { get; init; }

    public required double[] SquaredNorms { get; init; }

    public int Degree => Alpha.Length;

    /// <summary>Learns the recurrence from the values that are not missing, which must have more than <paramref name="degree"/> distinct ones.</summary>
    public static PolynomialBasis Learn(ReadOnlySpan<double> values, int degree)
    {
        double[] x = Present(values);
        var alpha = new double[degree];
        var norms = new double[degree + 1];
        double[] before = new double[x.Length], current = new double[x.Length], next = new double[x.Length];
        Array.Fill(current, 1);
        norms[0] = x.Length;
        double mean = x.Sum() / x.Length;
        for (int k = 0; k < degree; k++)
        {
            // Centred before summing: α is a weighted mean of x, and loses nothing to a large common offset this way.
            double weighted = 0;
            for (int i = 0; i < x.Length; i++) weighted += (x[i] - mean) * current[i] * current[i];
            alpha[k] = mean + weighted / norms[k];
            double ratio = k == 0 ? 0 : norms[k] / norms[k - 1];
            for (int i = 0; i < x.Length; i++)
            {
                next[i] = (x[i] - alpha[k]) * current[i] - ratio * before[i];
                norms[k + 1] += next[i] * next[i];
            }
            (before, current, next) = (current, next, before);
        }
        return new PolynomialBasis { Alpha = alpha, SquaredNorms = norms };
    }

    /// <summary>The columns 1 … degree at <paramref name="x"/>.</summary>
    public double[][] Evaluate(ReadOnlySpan<double> x)
    {
        var columns = new double[Degree][];
        for (int k = 0; k < Degree; k++) columns[k] = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double before = 0, current = 1;
            for (int k = 0; k < Degree; k++)
            {
                double ratio = k == 0 ? 0 : SquaredNorms[k] / SquaredNorms[k - 1];
                (before, current) = (current, (x[i] - Alpha[k]) * current - ratio * before);
                columns[k][i] = current / Math.Sqrt(SquaredNorms[k + 1]);
            }
        }
        return columns;
    }

    private static double[] Present(ReadOnlySpan<double> values)
    {
        var present = new List<double>(values.Length);
        foreach (double value in values)
            if (!double.IsNaN(value)) present.Add(value);
        return [.. present];
    }
}
