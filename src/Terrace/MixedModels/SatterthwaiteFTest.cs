using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The F test of several equations about the fixed effects at once, its denominator by Satterthwaite's method.</summary>
/// <remarks>
/// <para>F = (1/q) Σ_m t_m², t_m the statistics of the uncorrelated equations (<see cref="HypothesisDecomposition"/>) with degrees of freedom ν_m; as the t_m² are nearly independent with means
/// ν_m/(ν_m − 2), the denominator's degrees of freedom ν solve ν/(ν − 2) = E/q: ν = 2E/(E − q), E = Σ_m ν_m/(ν_m − 2).</para>
/// <para>Fai and Cornelius (1996), <em>Approximate F-tests of multiple degree of freedom hypotheses in generalized least squares analyses of unbalanced split-plot experiments</em>. As Kuznetsova, Brockhoff
/// and Christensen (2017) do, ν is the common value where the ν_m agree, and 2 where some ν_m is not above 2. ν depends, mildly, on how the equations are written.</para>
/// <para>Check: HypothesisFTests (lmerTest and pbkrtest's SATmodcomp).</para>
/// </remarks>
internal static class SatterthwaiteFTest
{
    private const double Equal = 1e-8;

    /// <summary>The test of <paramref name="rows"/> over the estimated coefficients.</summary>
    public static FixedEffectsFTest Of(VarianceMoments moments, Matrix rows, double[] beta)
    {
        var equations = new HypothesisDecomposition(rows, beta, moments.Covariance);
        int q = equations.Rank;
        if (q == 0) return new FixedEffectsFTest(double.NaN, 0, double.NaN, 1, double.NaN);
        double[] degrees = [.. equations.Directions.Select(moments.DegreesOfFreedomOfEstimated)];
        double statistic = equations.ChiSquare / q, denominator = Denominator(degrees);
        return new FixedEffectsFTest(statistic, q, denominator, 1, FisherF.UpperTail(statistic, q, denominator));
    }

    private static double Denominator(double[] degrees)
    {
        if (degrees.Length == 1) return degrees[0];
        if (degrees.Max() - degrees.Min() <= Equal * degrees.Max()) return degrees.Average();
        if (degrees.Min() <= 2) return 2;
        double sum = degrees.Sum(v => v / (v - 2));
        return 2 * sum / (sum - degrees.Length);
    }
}
