using Terrace.Numerics.Distributions;

namespace Terrace.Families;

/// <summary>
/// The log density of one row, with its prior weight w as R's <c>family()$aic</c> counts it, and its saturated value (at μ = y).
/// <code>
/// binomial   (w/m) log Bin(m y; m, μ)        Poisson            w log Poisson(y; μ)
/// Gaussian   log N(y; μ, φ/w)                gamma              w log Gamma(y; shape 1/φ, mean μ)
///                                            inverse Gaussian   w log IG(y; μ, φ)
/// </code>
/// m is the binomial trials (w = m times the weight of the row), φ the dispersion. McCullagh and Nelder (1989), table 2.1. Checked against R's fits in
/// <c>LinearModelFixtureTests</c> and against sums over rows in <c>ObservationsTests</c>.
/// </summary>
internal static class RowLikelihood
{
    public static double LogDensity(Distribution distribution, double y, double mean, double weight, double trials, double dispersion) => distribution switch
    {
        Distribution.Binomial => trials > 0 ? weight / trials * Binomial.LogDensity(Math.Round(trials * y), Math.Round(trials), mean) : 0,
        Distribution.Poisson => weight * Poisson.LogDensity(y, mean),
        Distribution.Gaussian => Normal.LogDensity(y, mean, Math.Sqrt(dispersion / weight)),
        Distribution.Gamma => weight * Gamma.LogDensity(y, 1 / dispersion, 1 / (dispersion * mean)),
        _ => weight * InverseGaussian.LogDensity(y, mean, dispersion),
    };

    /// <summary>The log density at μ = y of a family whose dispersion is 1.</summary>
    public static double Saturated(Distribution distribution, double y, double weight, double trials) =>
        weight == 0 ? 0 : LogDensity(distribution, y, y, weight, trials, 1);
}
