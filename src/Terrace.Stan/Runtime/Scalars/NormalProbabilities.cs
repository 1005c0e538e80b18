using MathNet.Numerics;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>The standard normal cdf Φ, the error functions, and their inverses. With φ the standard normal density: erfc(x) = 2 Φ(−x√2), Φ′ = φ.</summary>
internal static class NormalProbabilities
{
    private const double RootTwoPi = 2.5066282746310002, TwoOverRootPi = 1.1283791670955126, RootHalf = 0.7071067811865476;

    /// <summary>Φ(x).</summary>
    public static double Phi(double x) => Normal.Cdf(x);

    /// <summary>φ(x).</summary>
    public static double PhiSlope(double x, double value) => Math.Exp(-0.5 * x * x) / RootTwoPi;

    /// <summary>A fast approximation of Φ: logistic(0.07056 x³ + 1.5976 x), within 1.4·10⁻⁴ (Bowling et al. 2009, "A logistic approximation to the cumulative normal distribution").</summary>
    public static double PhiApprox(double x) => LogisticFunction.Logistic(x * ((0.07056 * x * x) + 1.5976));

    /// <summary>p (1 − p) (0.21168 x² + 1.5976).</summary>
    public static double PhiApproxSlope(double x, double value) => value * LogisticFunction.Logistic(-x * ((0.07056 * x * x) + 1.5976)) * ((0.21168 * x * x) + 1.5976);

    /// <summary>The standard normal quantile, p in 0 … 1.</summary>
    public static double InvPhi(double p)
    {
        if (!(p >= 0 && p <= 1)) Workspace.Reject($"inv_Phi: probability is {p}, but must be in [0, 1]");
        return Normal.Quantile(p);
    }

    /// <summary>1 / φ(value).</summary>
    public static double InvPhiSlope(double p, double value) => RootTwoPi * Math.Exp(0.5 * value * value);

    /// <summary>The standard normal quantile of e^p, p ≤ 0: Wichura's, polished by Newton's method on log Φ, so that probabilities below 10⁻³⁰⁰ and near 1 keep their digits.</summary>
    public static double StdNormalLogQf(double p)
    {
        if (!(p <= 0)) Workspace.Reject($"std_normal_log_qf: log probability is {p}, but must be at most 0");
        if (p == 0) return double.PositiveInfinity;
        if (double.IsNegativeInfinity(p)) return p;
        if (p > -1) return -Normal.Quantile(-LogisticFunction.Expm1(p));
        double z = p > -700 ? Normal.Quantile(Math.Exp(p)) : -Math.Sqrt(-2 * p);
        for (int i = 0; i < 8; i++)
        {
            double value = Normal.LogCdf(z), step = (value - p) * Math.Exp(value + (0.5 * z * z)) * RootTwoPi;
            z -= step;
            if (Math.Abs(step) <= 1e-15 * Math.Abs(z)) break;
        }
        return z;
    }

    /// <summary>e^p / φ(value).</summary>
    public static double StdNormalLogQfSlope(double p, double value) => RootTwoPi * Math.Exp(p + (0.5 * value * value));

    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    public static double Erf(double x) => SpecialFunctions.Erf(x);

    /// <summary>2/√π e^(−x²).</summary>
    public static double ErfSlope(double x, double value) => TwoOverRootPi * Math.Exp(-x * x);

    /// <summary>1 − erf(x), accurate for large x.</summary>
    public static double Erfc(double x) => SpecialFunctions.Erfc(x);

    /// <summary>−2/√π e^(−x²).</summary>
    public static double ErfcSlope(double x, double value) => -TwoOverRootPi * Math.Exp(-x * x);

    /// <summary>The inverse of erfc on 0 … 2.</summary>
    public static double InvErfc(double p) => -RootHalf * Normal.Quantile(0.5 * p);

    /// <summary>−√π/2 e^(value²).</summary>
    public static double InvErfcSlope(double p, double value) => -Math.Exp(value * value) / TwoOverRootPi;
}
