namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Wiener first passage time: outcome y, boundary separation α, nondecision time τ, starting point β, drift rate δ; the density at the upper boundary, which integrates to the probability of reaching it. Formula: <see cref="WienerPassage"/>.</summary>
internal static unsafe class WienerDistribution
{
    /// <summary>The log density; it has no summand that some of its arguments could leave out.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double log = WienerPassage.Log("wiener_lpdf", x, d, 0, out _);
        return terms == 0 ? 0 : log;
    }
}
