using Terrace.Numerics.Distributions;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Outcomes 1 … K of an ordered probit: log(Φ(b) − Φ(a)), b = c_y − η and a = c_{y−1} − η (c₀ = −∞, c_K = ∞), as log Φ(b) + log(1 − Φ(a)/Φ(b)) in the lower half and mirrored in the
/// upper, so that tails keep their accuracy. With P the probability the derivatives are φ(b)/P by c_y, −φ(a)/P by c_{y−1}, and their negative sum by η.
/// </summary>
internal readonly ref struct OrderedProbitRows(ReadOnlySpan<int> y, in Cutpoints cutpoints) : ILinkedRows
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    private readonly ReadOnlySpan<int> _y = y;
    private readonly Cutpoints _cutpoints = cutpoints;

    /// <inheritdoc/>
    public static int ScratchColumns => 0;

    /// <inheritdoc/>
    public double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes)
    {
        double sum = 0;
        for (int i = 0; i < eta.Length; i++)
        {
            int k = _y[_y.Length == 1 ? 0 : from + i];
            double a = _cutpoints.Bounds[k - 1] - eta[i], b = _cutpoints.Bounds[k] - eta[i], log = LogDifference(a, b);
            sum += log;
            if (!slopes) continue;
            double upper = Ratio(b, log), lower = Ratio(a, log);
            eta[i] = lower - upper;
            _cutpoints.Slopes[k] += upper;
            _cutpoints.Slopes[k - 1] -= lower;
        }
        return sum;
    }

    /// <summary>log(Φ(b) − Φ(a)), a &lt; b.</summary>
    public static double LogDifference(double a, double b)
    {
        if (a > 0) (a, b) = (-b, -a);
        if (double.IsNegativeInfinity(a)) return double.IsPositiveInfinity(b) ? 0 : Normal.LogCdf(b);
        if (double.IsPositiveInfinity(b)) return Normal.LogCdf(-a);
        double larger = Normal.LogCdf(b);
        return larger + LogisticFunction.Log1mExp(larger - Normal.LogCdf(a));
    }

    private static double Ratio(double z, double log) => double.IsInfinity(z) ? 0 : Math.Exp((-0.5 * z * z) - HalfLogTwoPi - log);
}
