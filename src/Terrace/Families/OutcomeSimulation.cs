using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families;

/// <summary>
/// Draws a response of a <see cref="ResponseFamily"/> given its conditional predictor and the parameters beside the mean, in the units of <see cref="OutcomeValues.Y"/>: successes of trials, the position of an
/// ordered category from 0.
/// </summary>
/// <remarks>
/// Mixtures: negative binomial = Poisson with gamma mean, beta = ratio of gammas, beta-binomial = binomial with beta probability (Devroye 1986, <em>Non-Uniform Random Variate Generation</em>, chapters IX and X). A count
/// above 0 by repetition where zeros are rarer than one in two, otherwise by adding up probabilities from 1 on. Check: DistributionalSimulationTests (moments by <see cref="ResponseMoments"/>, probabilities by the density).
/// </remarks>
internal static class OutcomeSimulation
{
    private const double LargestMean = 1e9;

    /// <summary>One draw at η; <paramref name="psi"/> are the parameters beside the mean on the scales of their predictors, the zero part last.</summary>
    public static double Draw(ResponseFamily family, double eta, ReadOnlySpan<double> psi, bool hasZeroPart, double trials, Rng rng)
    {
        if (hasZeroPart && rng.NextDouble() < LogisticFunction.Logistic(psi[^1])) return 0;
        double own = family.HasDispersion ? Math.Exp(psi[0]) : double.NaN;
        if (family.IsOrdered) return Category(family, eta, psi, rng);
        double mean = family.Link.Mean(eta);
        if (family.Kind == ResponseType.Count) return family.IsHurdle ? AboveZero(mean, own, rng) : Count(family.Distribution, mean, own, rng);
        return family.Distribution switch
        {
            ResponseDistribution.Beta => Math.Clamp(Share(mean, own, rng), double.Epsilon, Math.BitDecrement(1.0)),
            ResponseDistribution.BetaBinomial => rng.NextBinomial((int)trials, Share(mean, own, rng)),
            ResponseDistribution.LogNormal => Math.Exp(mean + own * rng.NextNormal()),
            ResponseDistribution.Student => mean + own * rng.NextStudentT(Math.Exp(psi[1])),
            _ => mean + own * rng.NextNormal(),
        };
    }

    private static double Count(ResponseDistribution distribution, double mean, double own, Rng rng)
    {
        if (!(mean < LargestMean)) throw new ModelException(FormattableString.Invariant($"A simulated count has the mean {mean:G3}, which is too large to be drawn; rescale the variables or simplify the model."));
        double shape = distribution == ResponseDistribution.LinearNegativeBinomial ? mean / own : own;
        return distribution == ResponseDistribution.Poisson || !(shape < LargestMean) ? rng.NextPoisson(mean) : rng.NextPoisson(mean / shape * rng.NextGamma(shape));
    }

    /// <summary>A count above 0: f(k + 1) = f(k) μ/(k + 1), or f(k) (k + φ)/(k + 1) μ/(μ + φ).</summary>
    private static double AboveZero(double mean, double shape, Rng rng)
    {
        bool poisson = !(shape < LargestMean);
        double zero = poisson ? Math.Exp(-mean) : Math.Exp(-shape * LogisticFunction.Log1p(mean / shape));
        if (zero < 0.5)
        {
            while (true)
            {
                double count = Count(ResponseDistribution.NegativeBinomial, mean, poisson ? double.PositiveInfinity : shape, rng);
                if (count > 0) return count;
            }
        }
        double above = poisson ? -LogisticFunction.Expm1(-mean) : -LogisticFunction.Expm1(-shape * LogisticFunction.Log1p(mean / shape));
        double left = rng.NextDouble() * above, probability = zero;
        for (int k = 0; ; k++)
        {
            probability *= poisson ? mean / (k + 1) : (k + shape) / (k + 1) * mean / (mean + shape);
            left -= probability;
            if (left <= 0 || probability < 1e-300) return k + 1;
        }
    }

    private static double Share(double mean, double precision, Rng rng)
    {
        double a = rng.NextGamma(mean * precision), b = rng.NextGamma((1 - mean) * precision);
        return a + b > 0 ? a / (a + b) : rng.NextDouble() < mean ? 1 : 0;
    }

    /// <summary>The category whose cumulative probability F(τ_k − η) is the first above a uniform number.</summary>
    private static double Category(ResponseFamily family, double eta, ReadOnlySpan<double> thresholds, Rng rng)
    {
        double uniform = rng.NextDouble();
        for (int k = 0; k < thresholds.Length; k++)
        {
            double x = thresholds[k] - eta;
            if (uniform < (family.Link == Link.Probit ? Normal.Cdf(x) : LogisticFunction.Logistic(x))) return k;
        }
        return thresholds.Length;
    }
}
