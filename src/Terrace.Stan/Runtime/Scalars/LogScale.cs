using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>Sums, differences and mixtures of numbers given by their logarithms.</summary>
internal static class LogScale
{
    /// <summary>log(eˣ + eʸ).</summary>
    public static double LogSumExp(double x, double y) => LogSum.LogAddExp(x, y);

    /// <summary>(eˣ, eʸ) / (eˣ + eʸ); one half each where they are equal, also at −∞.</summary>
    public static void LogSumExpSlopes(double x, double y, double value, out double dx, out double dy)
    {
        dx = x == y ? 0.5 : LogisticFunction.Logistic(x - y);
        dy = x == y ? 0.5 : LogisticFunction.Logistic(y - x);
    }

    /// <summary>log(eˣ − eʸ): −∞ where x = y &lt; ∞, NaN where x &lt; y.</summary>
    public static double LogDiffExp(double x, double y)
    {
        if (x < y || double.IsPositiveInfinity(x)) return double.NaN;
        return x == y ? double.NegativeInfinity : double.IsNegativeInfinity(y) ? x : x + LogisticFunction.Log1mExp(x - y);
    }

    /// <summary>(1 / (1 − eʸ⁻ˣ), −1 / (eˣ⁻ʸ − 1)).</summary>
    public static void LogDiffExpSlopes(double x, double y, double value, out double dx, out double dy)
    {
        dx = -1 / LogisticFunction.Expm1(y - x);
        dy = -1 / LogisticFunction.Expm1(x - y);
    }

    /// <summary>log(logistic(x) − logistic(y)) for x &gt; y, as log(1 − eʸ⁻ˣ) + log logistic(x) + log(1 − logistic(y)).</summary>
    public static double LogInvLogitDiff(double x, double y) =>
        x < y ? double.NaN : x == y ? double.NegativeInfinity : LogisticFunction.Log1mExp(x - y) - Logarithms.Log1pExp(-x) - Logarithms.Log1pExp(y);

    /// <summary>With r = 1 / (eˣ⁻ʸ − 1): (r + logistic(−x), −r − logistic(y)).</summary>
    public static void LogInvLogitDiffSlopes(double x, double y, double value, out double dx, out double dy)
    {
        double ratio = 1 / LogisticFunction.Expm1(x - y);
        dx = ratio + LogisticFunction.Logistic(-x);
        dy = -ratio - LogisticFunction.Logistic(y);
    }

    /// <summary>log(θ eᵃ + (1 − θ) eᵇ), the log density of a mixture of two; θ in 0 … 1.</summary>
    public static double LogMix(double theta, double a, double b)
    {
        if (!(theta >= 0 && theta <= 1)) Workspace.Reject($"log_mix: mixing proportion is {theta}, but must be in [0, 1]");
        return LogSum.LogAddExp(Math.Log(theta) + a, Logarithms.Log1m(theta) + b);
    }

    /// <summary>With p = eᵃ⁻ᵛ and q = eᵇ⁻ᵛ, v the value: (p − q, θ p, (1 − θ) q).</summary>
    public static void LogMixSlopes(double theta, double a, double b, double value, out double dtheta, out double da, out double db)
    {
        if (double.IsNegativeInfinity(value))
        {
            dtheta = da = db = 0;
            return;
        }
        double p = Math.Exp(a - value), q = Math.Exp(b - value);
        dtheta = p - q;
        da = theta == 0 ? 0 : theta * p;
        db = theta == 1 ? 0 : (1 - theta) * q;
    }
}
