using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families;

/// <summary>
/// The log density of one row of an exponential dispersion model, and its saturated value (at μ = y).
/// <code>
/// binomial          (w/m) log C(m, m y) + w [y log μ + (1 − y) log(1 − μ)]
/// Poisson           w [y log μ − μ − log y!]
/// Gaussian          −½ [log(2π φ/w) + w (y − μ)²/φ]
/// gamma             w [ν log(ν y/μ) − ν y/μ − log y − log Γ(ν)],  ν = 1/φ
/// inverse Gaussian  −½ w [log(2π φ y³) + (y − μ)²/(φ μ² y)]
/// </code>
/// w is the prior weight, m the binomial trials (w = m times the weight of the row), φ the dispersion. Weights enter as in R's <c>family()$aic</c>
/// (McCullagh and Nelder, 1989, table 2.1, for the densities). Checked against R's fits in <c>LinearModelFixtureTests</c> and against direct sums in <c>ObservationsTests</c>.
/// </summary>
internal static class RowLikelihood
{
    public static double LogDensity(Distribution distribution, double y, double mean, double weight, double trials, double dispersion) => distribution switch
    {
        Distribution.Binomial => LogCombinations(y, weight, trials) + weight * (XLog(y, mean) + XLog(1 - y, 1 - mean)),
        Distribution.Poisson => weight * (XLog(y, mean) - mean - GammaFunction.LogGamma(y + 1)),
        Distribution.Gaussian => -0.5 * (Math.Log(2 * Math.PI * dispersion / weight) + weight * (y - mean) * (y - mean) / dispersion),
        Distribution.Gamma => weight * LogGammaDensity(y, mean, 1 / dispersion),
        _ => -0.5 * weight * (Math.Log(2 * Math.PI * dispersion * y * y * y) + InverseGaussianVariance.UnitDeviance(y, mean) / dispersion),
    };

    /// <summary>The log density at μ = y of a family whose dispersion is 1.</summary>
    public static double Saturated(Distribution distribution, double y, double weight, double trials) =>
        weight == 0 ? 0 : LogDensity(distribution, y, y, weight, trials, 1);

    private static double LogCombinations(double y, double weight, double trials)
    {
        double m = Math.Round(trials), k = Math.Round(trials * y);
        if (m <= 0 || k <= 0 || k >= m) return 0;
        return weight / trials * (GammaFunction.LogGamma(m + 1) - GammaFunction.LogGamma(k + 1) - GammaFunction.LogGamma(m - k + 1));
    }

    private static double LogGammaDensity(double y, double mean, double shape) =>
        shape * (Math.Log(shape * y / mean) - y / mean) - Math.Log(y) - GammaFunction.LogGamma(shape);

    private static double XLog(double x, double mean) => x == 0 ? 0 : x * Math.Log(mean);
}
