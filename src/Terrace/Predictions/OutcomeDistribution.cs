using Terrace.Families;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.Quadrature;

namespace Terrace.Predictions;

/// <summary>
/// The distribution of a new outcome whose linear predictor is itself uncertain: a mixture of the family's distribution over a normal linear predictor.
/// <para>η ~ N(m, s²); F(y) = E F(y | g⁻¹(η)); Var(y) = E[φ V(μ)] + Var(μ); the expectations by Gauss–Hermite quadrature. The p-quantile is the least y with F(y) ≥ p. For a Gaussian
/// response with identity link both parts add up exactly: N(m, s² + φ).</para>
/// <para>m: <c>eta</c>, s: <c>sd</c>, φ: <c>_dispersion</c>, V: <see cref="Family.Variance"/>, g: <see cref="Family.Link"/>.</para>
/// <para>A. Gelman et al. (2013), Bayesian Data Analysis, 3rd edition, section 7.1 (posterior predictive distribution), with the normal approximation for η. Quasi families have
/// no distribution: their standard deviation is defined and their quantiles are NaN. Pinned by <c>OutcomeDistributionTests</c> against simulation and closed forms.</para>
/// </summary>
internal sealed class OutcomeDistribution(Family family, double dispersion)
{
    private const int Nodes = 31;
    private readonly GaussHermite _rule = new(Nodes);
    private readonly double[] _means = new double[Nodes];

    /// <summary>The standard deviation of a new outcome.</summary>
    public double Sd(double eta, double sd)
    {
        if (IsLinear) return Math.Sqrt(sd * sd + dispersion);
        SetMeans(eta, sd);
        double mean = 0, square = 0, within = 0;
        for (int i = 0; i < Nodes; i++)
        {
            mean += _rule.Weights[i] * _means[i];
            within += _rule.Weights[i] * dispersion * family.Variance(_means[i]);
        }
        for (int i = 0; i < Nodes; i++) square += _rule.Weights[i] * (_means[i] - mean) * (_means[i] - mean);
        return Math.Sqrt(within + square);
    }

    /// <summary>The quantile of a new outcome; NaN for quasi families and where a mean within reach of the uncertainty is impossible.</summary>
    public double Quantile(double probability, double eta, double sd)
    {
        if (!family.HasLikelihood) return double.NaN;
        if (IsLinear) return Normal.Quantile(probability, eta, Math.Sqrt(sd * sd + dispersion));
        SetMeans(eta, sd);
        if (!Array.TrueForAll(_means, family.IsValidMean)) return double.NaN;
        return family.Distribution is Distribution.Binomial or Distribution.Poisson ? Discrete(probability) : Continuous(probability);
    }

    private bool IsLinear => family.IsGaussian && family.Link == Link.Identity;

    private void SetMeans(double eta, double sd)
    {
        for (int i = 0; i < Nodes; i++) _means[i] = family.Link.Mean(eta + sd * _rule.Nodes[i]);
    }

    private double Cdf(double y)
    {
        double sum = 0;
        for (int i = 0; i < Nodes; i++) sum += _rule.Weights[i] * Cdf(y, _means[i]);
        return sum;
    }

    private double Cdf(double y, double mean) => family.Distribution switch
    {
        Distribution.Gaussian => Normal.Cdf(y, mean, Math.Sqrt(dispersion)),
        Distribution.Binomial => y < 0 ? 0 : y < 1 ? 1 - mean : 1,
        Distribution.Poisson => Poisson.Cdf(y, mean),
        Distribution.Gamma => y <= 0 ? 0 : Gamma.Cdf(y, 1 / dispersion, 1 / (dispersion * mean)),
        _ => y <= 0 ? 0 : InverseGaussian.Cdf(y, mean, dispersion),
    };

    private double Discrete(double probability)
    {
        double high = 0;
        while (Cdf(high) < probability && high < 1e15) high = 2 * high + 1;
        double low = -1;
        while (high - low > 1)
        {
            double middle = Math.Floor(0.5 * (low + high));
            if (Cdf(middle) < probability) low = middle;
            else high = middle;
        }
        return high;
    }

    private double Continuous(double probability)
    {
        double scale = Math.Max(_means.Max(Math.Abs), 1e-300);
        double low = family.IsGaussian ? -scale : 0, high = scale;
        while (family.IsGaussian && Cdf(low) > probability && double.IsFinite(low)) low *= 2;
        while (Cdf(high) < probability && double.IsFinite(high)) high *= 2;
        for (int i = 0; i < 200 && high - low > 1e-13 * Math.Max(Math.Abs(low), Math.Abs(high)); i++)
        {
            double middle = 0.5 * (low + high);
            if (Cdf(middle) < probability) low = middle;
            else high = middle;
        }
        return 0.5 * (low + high);
    }
}
