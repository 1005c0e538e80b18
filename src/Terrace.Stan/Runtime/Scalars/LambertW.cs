namespace Terrace.Stan.Runtime.Scalars;

/// <summary>
/// The two real solutions W of W e^W = x: W₀ ≥ −1 for x ≥ −1/e and W₋₁ ≤ −1 for −1/e ≤ x &lt; 0.
/// <para>Formula: Halley's iteration from the expansion at the branch point or in logarithms; W′ = 1 / (e^W (1 + W)).</para>
/// <para>Source: Corless et al. (1996), "On the Lambert W function", eqs. 3.2, 4.18–4.22, 5.9. Test: ScalarTests.</para>
/// </summary>
internal static class LambertW
{
    private const double MinusInverseE = -0.36787944117144233;

    /// <summary>W₀(x).</summary>
    public static double W0(double x)
    {
        if (!(x >= MinusInverseE)) Workspace.Reject($"lambert_w0: argument is {x}, but must be at least -exp(-1)");
        if (x == 0 || double.IsPositiveInfinity(x)) return x;
        return x < 0 && IsBranchPoint(x) ? -1 : Halley(x, x < -0.25 ? NearBranch(x, 1) : x < 3 ? x / (1 + x) : Math.Log(x) - Math.Log(Math.Log(x)));
    }

    /// <summary>1 / (e^W (1 + W)).</summary>
    public static double W0Slope(double x, double value) => 1 / (Math.Exp(value) * (1 + value));

    /// <summary>W₋₁(x).</summary>
    public static double Wm1(double x)
    {
        if (!(x >= MinusInverseE && x < 0)) Workspace.Reject($"lambert_wm1: argument is {x}, but must be in [-exp(-1), 0)");
        if (IsBranchPoint(x)) return -1;
        double log = Math.Log(-x);
        return Halley(x, x < -0.25 ? NearBranch(x, -1) : log - Math.Log(-log));
    }

    /// <summary>1 / (e^W (1 + W)).</summary>
    public static double Wm1Slope(double x, double value) => 1 / (Math.Exp(value) * (1 + value));

    private static bool IsBranchPoint(double x) => x == MinusInverseE;

    /// <summary>−1 + p − p²/3 + 11p³/72 with p = ±√(2(ex + 1)).</summary>
    private static double NearBranch(double x, int sign)
    {
        double p = sign * Math.Sqrt(Math.Max(0, 2 * ((Math.E * x) + 1)));
        return -1 + (p * (1 - (p * ((1 / 3.0) - (p * 11 / 72)))));
    }

    private static double Halley(double x, double w)
    {
        for (int i = 0; i < 30; i++)
        {
            double e = Math.Exp(w), error = w - (x / e), slope = 1 + w;
            if (slope == 0) break;
            double step = error / (slope - ((w + 2) * error / (2 * slope)));
            w -= step;
            if (Math.Abs(step) <= 4e-16 * Math.Abs(w)) break;
        }
        return w;
    }
}
