namespace Terrace.Design.Terms;

/// <summary>
/// Sample quantiles as R computes them by default: with h = (n − 1) p, linear between the order statistics at ⌊h⌋ and ⌊h⌋ + 1 (from 0).
/// </summary>
/// <remarks>Hyndman and Fan (1996), Sample quantiles in statistical packages, definition 7. Tests: LearnedBasisTests (knots of splines).</remarks>
internal static class Quantiles
{
    /// <summary>The quantile of <paramref name="sorted"/> at <paramref name="probability"/>.</summary>
    public static double At(double[] sorted, double probability)
    {
        double h = (sorted.Length - 1) * probability;
        int low = (int)Math.Floor(h + 4 * double.Epsilon);
        double fraction = h - low;
        return fraction == 0 || low + 1 >= sorted.Length ? sorted[low] : sorted[low] + fraction * (sorted[low + 1] - sorted[low]);
    }
}
