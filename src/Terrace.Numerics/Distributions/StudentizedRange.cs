using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Numerics.Distributions;

/// <summary>
/// The distribution of the studentised range (Tukey): the range of k independent standard normal variables, divided by an independent s with df s² ~ χ²_df.
/// <para>Formula: P(Q &gt; q) = ∫ g(u) T(q e^u) du, u = log s, g(u) ∝ exp(df (u − e^2u / 2)); the range's upper tail is T(w) = k ∫ φ(z) {Φ(z)^(k−1) − [Φ(z) − Φ(z − w)]^(k−1)} dz.</para>
/// <para>Symbols: k -> <c>means</c>; T -> <see cref="RangeTail"/>. Source: Tukey (1953), The problem of multiple comparisons; the double integral as in Copenhaver and Holland (1988), Computation of
/// the distribution of the maximum studentized range statistic, eq. 1.3.</para>
/// <para>Deviation: both integrands are analytic and decay at both ends, so the trapezoidal rule converges exponentially (Trefethen and Weideman (2014)) and takes the place of their Gauss–Legendre panels;
/// g is normalised by the same rule. Accuracy: 1e-12 against quadrature with 30 digits, tails relative; R's ptukey loses digits below 100 degrees of freedom. Tests: StudentizedRangeTests, TukeyReferenceTests.</para>
/// </summary>
public static class StudentizedRange
{
    private const double Reach = 39;
    private const int MostSearchSteps = 100;

    /// <summary>P(Q &lt;= q) for the range of <paramref name="means"/> means, two or more; <paramref name="df"/> may be infinite. NaN for other arguments.</summary>
    public static double Cdf(double q, double means, double df) => 1 - UpperTail(q, means, df);

    /// <summary>P(Q &gt; q).</summary>
    public static double UpperTail(double q, double means, double df)
    {
        if (!(means >= 2 && df > 0) || double.IsNaN(q)) return double.NaN;
        if (q <= 0) return 1;
        if (double.IsPositiveInfinity(q)) return 0;
        if (means == 2) return StudentT.TwoSided(q / Math.Sqrt(2), df);
        var range = new RangeTail(means);
        return double.IsPositiveInfinity(df) ? range.Of(q) : Mixed(range, q, df);
    }

    /// <summary>The quantile: q with P(Q &lt;= q) = p. NaN outside 0 ... 1.</summary>
    public static double Quantile(double p, double means, double df)
    {
        if (!(p >= 0 && p <= 1 && means >= 2 && df > 0)) return double.NaN;
        if (p is 0 or 1) return p == 0 ? 0 : double.PositiveInfinity;
        if (means == 2) return Math.Sqrt(2) * StudentT.Quantile(0.5 + 0.5 * p, df);
        double low = 0, high = Math.Sqrt(2) * StudentT.Quantile(0.5 + 0.5 * p, df) + 1;
        while (UpperTail(high, means, df) > 1 - p) (low, high) = (high, 2 * high);
        return Root(p, means, df, low, high);
    }

    /// <summary>The root of the log tail between two bounds by regula falsi in the Illinois form (Dowell and Jarratt 1971).</summary>
    private static double Root(double p, double means, double df, double low, double high)
    {
        double target = Math.Log(1 - p), atLow = low == 0 ? -target : Error(low), atHigh = Error(high);
        for (int i = 0; i < MostSearchSteps && high - low > 1e-13 * high; i++)
        {
            double next = high - atHigh * (high - low) / (atHigh - atLow);
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            double error = Error(next);
            if (error == 0) return next;
            if (error > 0)
            {
                (low, atLow) = (next, error);
                atHigh *= 0.5;
            }
            else
            {
                (high, atHigh) = (next, error);
                atLow *= 0.5;
            }
            if (Math.Abs(error) < 1e-14) return next;
        }
        return 0.5 * (low + high);

        double Error(double q) => Math.Log(UpperTail(q, means, df)) - target;
    }

    /// <summary>The mixture over s; the steps are narrower than the width 1/√(2 df) of log s and than the strip of width π/4 in which its density is bounded.</summary>
    private static double Mixed(RangeTail range, double q, double df)
    {
        double step = Math.Min(0.1, 0.45 / Math.Sqrt(2 * df)), sum = 0, mass = 0;
        for (int side = -1; side <= 1; side += 2)
        {
            for (int i = side < 0 ? -1 : 0; ; i += side)
            {
                double u = i * step, exponent = df * (u - 0.5 * LogisticFunction.Expm1(2 * u));
                if (exponent < -Reach - df * 1e-15) break;
                double weight = Math.Exp(exponent);
                mass += weight;
                sum += weight * range.Of(q * Math.Exp(u));
            }
        }
        return Math.Min(1, sum / mass);
    }

    /// <summary>P(range &gt; w) of k standard normal variables, on points z where the integrand is not negligible: its hump is at z = w/2 where w is large.</summary>
    private sealed class RangeTail
    {
        private const double Furthest = 9.5;
        private const double LargestNormal = 38;
        private readonly double _k;
        private readonly double _step;
        private readonly double[] _z;
        private readonly double[] _lower;
        private readonly double[] _outer;

        public RangeTail(double k)
        {
            _k = k;
            _step = Math.Min(0.2, 0.7 / Math.Sqrt(k));
            int below = (int)Math.Ceiling(Furthest / _step), above = (int)Math.Ceiling(LargestNormal / _step);
            _z = [.. Enumerable.Range(-below, below + above + 1).Select(i => i * _step)];
            _lower = Array.ConvertAll(_z, z => Normal.Cdf(z));
            _outer = new double[_z.Length];
            for (int i = 0; i < _z.Length; i++) _outer[i] = k * _step * Math.Exp(Normal.LogDensity(_z[i]) + (k - 1) * Math.Log(_lower[i]));
        }

        public double Of(double w)
        {
            double sum = 0, furthest = Furthest + 0.5 * w;
            for (int i = 0; i < _z.Length && _z[i] <= furthest; i++)
            {
                if (_outer[i] == 0) continue;
                double share = Normal.Cdf(_z[i] - w) / _lower[i];
                sum += share >= 1 ? _outer[i] : -_outer[i] * LogisticFunction.Expm1((_k - 1) * LogisticFunction.Log1p(-share));
            }
            return Math.Min(1, sum);
        }
    }
}
