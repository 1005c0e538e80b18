using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime.Scalars;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The von Mises distribution on the circle: outcome y, location μ, concentration κ ≥ 0.
/// <para>Formula: log p = κ cos(y − μ) − log I₀(κ) − log 2π; the cdf is that of the interval −π … π, by quadrature of the side that is asked for (see <see cref="VonMisesArc"/>).</para>
/// <para>Source of the draws: Best and Fisher (1979), "Efficient simulation of the von Mises distribution".</para>
/// </summary>
internal static unsafe class VonMisesDistribution
{
    private const double LogTwoPi = 1.8378770664093453;

    /// <summary>The log density.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double kappa = x[2];
        Check("von_mises_lpdf", x[0], x[1], kappa);
        (double sin, double cos) = Math.SinCos(x[0] - x[1]);
        double log = terms == 0 ? 0 : kappa * cos, slope = 0;
        if ((terms & 4) != 0 || (wanted & 4) != 0)
        {
            double logI = LogBesselI.Evaluate(0, kappa, false, out _, out slope);
            if ((terms & 4) != 0) log -= logI;
        }
        if (terms < 0) log -= LogTwoPi;
        d[0] = -kappa * sin;
        d[1] = -d[0];
        d[2] = cos - slope;
        return log;
    }

    /// <summary>The log of the probability of −π … y.</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        CheckInterval("von_mises_lcdf", x);
        return Tail(x, d, -Math.PI, x[0], 1);
    }

    /// <summary>The log of the probability of y … π.</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        CheckInterval("von_mises_lccdf", x);
        return Tail(x, d, x[0], Math.PI, -1);
    }

    /// <summary>A draw in (μ mod 2π) ± π.</summary>
    public static double Draw(double* x, Rng rng)
    {
        double mu = x[1], kappa = x[2];
        Check("von_mises_rng", 0, mu, kappa);
        double centre = mu - (2 * Math.PI * Math.Floor(mu / (2 * Math.PI)));
        if (kappa < 1e-8) return centre + (Math.PI * ((2 * rng.NextDouble()) - 1));
        return centre + (kappa > 1e6 ? rng.NextNormal() / Math.Sqrt(kappa) : Angle(kappa, rng));
    }

    /// <summary>Rejection from a wrapped Cauchy distribution.</summary>
    private static double Angle(double kappa, Rng rng)
    {
        double tau = 1 + Math.Sqrt(1 + (4 * kappa * kappa)), rho = (tau - Math.Sqrt(2 * tau)) / (2 * kappa), r = (1 + (rho * rho)) / (2 * rho);
        while (true)
        {
            double z = double.CosPi(rng.NextDouble()), f = (1 + (r * z)) / (r + z), c = kappa * (r - f), u = rng.NextDouble();
            if ((c * (2 - c)) - u <= 0 && Math.Log(c / u) + 1 - c < 0) continue;
            double angle = Math.Acos(Math.Clamp(f, -1, 1));
            return rng.NextDouble() < 0.5 ? -angle : angle;
        }
    }

    /// <summary>log of the probability P of an arc; ∂ log P/∂κ = E[cos | arc] − I₁/I₀, the ends by the density there. Where P exceeds one half it is one minus that of the other side.</summary>
    private static double Tail(double* x, double* d, double from, double to, double sign)
    {
        double mu = x[1], kappa = x[2], constant = -LogTwoPi - LogBesselI.Evaluate(0, kappa, false, out _, out double slope);
        d[0] = d[1] = d[2] = 0;
        if (from >= to) return double.NegativeInfinity;
        double log = constant + VonMisesArc.Log(from - mu, to - mu, kappa, out double meanCosine), byKappa = meanCosine - slope;
        if (log > -0.6931471805599453)
        {
            bool full = to - from >= 2 * Math.PI;
            double other = full ? double.NegativeInfinity : constant + (sign > 0 ? VonMisesArc.Log(to - mu, Math.PI - mu, kappa, out meanCosine) : VonMisesArc.Log(-Math.PI - mu, from - mu, kappa, out meanCosine));
            log = Logarithms.Log1m(Math.Exp(other));
            byKappa = full ? 0 : (slope - meanCosine) * Math.Exp(other - log);
        }
        double atPoint = Math.Exp((kappa * Math.Cos(x[0] - mu)) + constant - log), atEnd = Math.Exp((kappa * Math.Cos(Math.PI - mu)) + constant - log);
        d[0] = sign * atPoint;
        d[1] = sign * (atEnd - atPoint);
        d[2] = byKappa;
        return log;
    }

    private static void CheckInterval(string function, double* x)
    {
        Check(function, x[0], x[1], x[2]);
        if (!(x[0] >= -Math.PI && x[0] <= Math.PI)) ContinuousDomain.Refuse(function, "outcome", x[0], "in the interval [-pi, pi]");
    }

    private static void Check(string function, double y, double mu, double kappa)
    {
        ContinuousDomain.Finite(function, "outcome", y);
        ContinuousDomain.Finite(function, "location", mu);
        if (!(kappa >= 0 && kappa < double.PositiveInfinity)) ContinuousDomain.Refuse(function, "concentration", kappa, "nonnegative and finite");
    }
}
