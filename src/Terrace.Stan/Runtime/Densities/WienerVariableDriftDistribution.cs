namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Wiener first passage time with a drift that varies between trials: outcome y, boundary separation α, nondecision time τ, starting point β, mean δ and standard deviation s_δ of the drift rate. Formula: <see cref="WienerPassage"/>.</summary>
internal static unsafe class WienerVariableDriftDistribution
{
    /// <summary>The log density; it has no summand that some of its arguments could leave out.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double log = WienerPassage.Log("wiener_lpdf", x, d, x[5], out double byVariability);
        if ((wanted & 32) != 0) d[5] = byVariability;
        return terms == 0 ? 0 : log;
    }
}
