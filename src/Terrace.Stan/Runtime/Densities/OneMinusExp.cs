using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The tail opposite to one that is e^(−H), H a cumulative hazard: log(1 − e^(−H)), with derivative 1 / (e^H − 1).</summary>
internal static class OneMinusExp
{
    /// <summary>The value and its derivative by H ≥ 0; −∞ with derivative 0 at H = 0.</summary>
    public static double Log(double hazard, out double slope)
    {
        slope = 0;
        if (hazard == 0) return double.NegativeInfinity;
        slope = 1 / LogisticFunction.Expm1(hazard);
        return LogisticFunction.Log1mExp(hazard);
    }
}
