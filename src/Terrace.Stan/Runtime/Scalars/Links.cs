using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>Link functions of binary models, their inverses, and the logarithms of these.</summary>
internal static class Links
{
    /// <summary>log(p / (1 − p)): ±∞ at the ends, NaN outside.</summary>
    public static double Logit(double p) => p == 1 ? double.PositiveInfinity : LogisticFunction.Logit(p);

    /// <summary>1 / (p (1 − p)).</summary>
    public static double LogitSlope(double p, double value) => 1 / (p * (1 - p));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static double InvLogit(double x) => LogisticFunction.Logistic(x);

    /// <summary>p (1 − p), with 1 − p as logistic(−x) where p is near 1.</summary>
    public static double InvLogitSlope(double x, double value) => x > 8 ? value * LogisticFunction.Logistic(-x) : value * (1 - value);

    /// <summary>log of the logistic function.</summary>
    public static double LogInvLogit(double x) => -Logarithms.Log1pExp(-x);

    /// <summary>logistic(−x).</summary>
    public static double LogInvLogitSlope(double x, double value) => LogisticFunction.Logistic(-x);

    /// <summary>log of one minus the logistic function.</summary>
    public static double Log1mInvLogit(double x) => -Logarithms.Log1pExp(x);

    /// <summary>−logistic(x).</summary>
    public static double Log1mInvLogitSlope(double x, double value) => -LogisticFunction.Logistic(x);

    /// <summary>1 − exp(−eˣ).</summary>
    public static double InvCloglog(double x) => -LogisticFunction.Expm1(-Math.Exp(x));

    /// <summary>exp(x − eˣ).</summary>
    public static double InvCloglogSlope(double x, double value) => Math.Exp(x - Math.Exp(x));

    /// <summary>The log loss of the forecast p for the outcome y: −log p if y = 1, else −log(1 − p).</summary>
    public static double BinaryLogLoss(double y, double p)
    {
        if (!(p >= 0 && p <= 1)) Workspace.Reject($"binary_log_loss: probability is {p}, but must be in [0, 1]");
        return y == 1 ? -Math.Log(p) : -Logarithms.Log1m(p);
    }

    /// <summary>−1 / p or 1 / (1 − p); the outcome is an integer.</summary>
    public static void BinaryLogLossSlopes(double y, double p, double value, out double dy, out double dp)
    {
        dy = 0;
        dp = y == 1 ? -1 / p : 1 / (1 - p);
    }
}
