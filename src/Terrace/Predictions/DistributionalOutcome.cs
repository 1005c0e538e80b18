using Terrace.Families;
using Terrace.Numerics.Quadrature;

namespace Terrace.Predictions;

/// <summary>
/// The distribution of a new outcome of a distributional model: that of the family mixed over a normal conditional predictor, the other parameters at their estimates.
/// <para>η ~ N(m, s²); F(y) = E F(y | η), Var(y) = E Var(y | η) + Var E(y | η), by Gauss–Hermite quadrature; the p-quantile is the least y with F(y) ≥ p.</para>
/// <para>Gelman et al. (2013), Bayesian Data Analysis, section 7.1, with the normal approximation for η. Pinned by <c>DistributionalPredictionTests</c>.</para>
/// </summary>
internal sealed class DistributionalOutcome(ResponseFamily family, bool hasZeroPart)
{
    private const int Nodes = 31;
    private readonly GaussHermite _rule = new(Nodes);

    /// <summary>A prediction with the standard deviation of an outcome and its quantiles that leave <paramref name="tail"/> on either side.</summary>
    public Prediction Of(double eta, double sd, ReadOnlySpan<double> psi, double estimate, double tail)
    {
        double mean = 0, square = 0, within = 0;
        double[] parameters = [.. psi], etas = [.. Enumerable.Range(0, Nodes).Select(i => eta + sd * _rule.Nodes[i])];
        if (!Array.TrueForAll(etas, family.Link.IsValidEta)) return new Prediction(estimate, double.NaN, double.NaN, double.NaN);
        for (int i = 0; i < Nodes; i++)
        {
            ResponseMoments moments = ResponseMoments.Of(family, etas[i], parameters, hasZeroPart, 1);
            mean += _rule.Weights[i] * moments.Mean;
            square += _rule.Weights[i] * moments.Mean * moments.Mean;
            within += _rule.Weights[i] * moments.Variance;
        }
        double spread = Math.Sqrt(within + Math.Max(0, square - mean * mean));
        double Cdf(double y)
        {
            double sum = 0;
            for (int i = 0; i < Nodes; i++) sum += _rule.Weights[i] * ResponseCdf.At(family, y, etas[i], parameters, hasZeroPart);
            return sum;
        }
        return new Prediction(estimate, spread, Quantile(Cdf, tail, estimate), Quantile(Cdf, 1 - tail, estimate));
    }

    private double Quantile(Func<double, double> cdf, double probability, double scale) => ResponseCdf.IsDiscrete(family)
        ? Discrete(cdf, probability)
        : Continuous(cdf, probability, Math.Max(Math.Abs(scale), 1e-8));

    private static double Discrete(Func<double, double> cdf, double probability)
    {
        double high = 0, low = -1;
        while (cdf(high) < probability && high < 1e15) (low, high) = (high, 2 * high + 1);
        while (high - low > 1)
        {
            double middle = Math.Floor(0.5 * (low + high));
            if (cdf(middle) < probability) low = middle;
            else high = middle;
        }
        return high;
    }

    private double Continuous(Func<double, double> cdf, double probability, double scale)
    {
        double low = family.Kind == ResponseType.Real ? -scale : 0, high = family.Kind == ResponseType.Share ? 1 : scale;
        while (family.Kind == ResponseType.Real && cdf(low) > probability && double.IsFinite(low)) low *= 2;
        while (family.Kind != ResponseType.Share && cdf(high) < probability && double.IsFinite(high)) high *= 2;
        for (int i = 0; i < 200 && high - low > 1e-13 * Math.Max(Math.Abs(low), Math.Abs(high)); i++)
        {
            double middle = 0.5 * (low + high);
            if (cdf(middle) < probability) low = middle;
            else high = middle;
        }
        return 0.5 * (low + high);
    }
}
