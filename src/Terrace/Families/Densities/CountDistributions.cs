using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families.Densities;

/// <summary>The Poisson distribution: ℓ = y log μ − μ − log y!. McCullagh and Nelder (1989), section 6.2. Checked in <c>ResponseDensityTests</c>.</summary>
internal readonly struct PoissonCounts(double[] y) : IMeanDistribution
{
    private readonly double[] _constant = CountConstants.LogFactorials(y);

    public static int Parameters => 0;

    public static bool HasExpectedInformation => true;

    public (double Information, double Slope, double Own) Expected(int cell, double mean) => (1 / mean, -1 / (mean * mean), 0);

    public void SetParameters(ReadOnlySpan<double[]> psi) { }

    public void Modes(int cell, double mean, ref MeanDerivatives into)
    {
        double count = y[cell], ratio = count / mean;
        into.Value = (count == 0 ? 0 : count * Math.Log(mean)) - mean - _constant[cell];
        into.First = ratio - 1;
        into.Second = -ratio / mean;
    }

    public void Gradient(int cell, double mean, ref MeanDerivatives into) => into.Third = 2 * y[cell] / (mean * mean * mean);
}

/// <summary>
/// The negative binomial distribution with Var = μ + μ²/φ ("nbinom2"), ψ = log φ:
/// ℓ = log (φ)_y − log y! + y log(μ/(μ + φ)) − φ log(1 + μ/φ), (φ)_y the rising factorial.
/// Cameron and Trivedi (1998), Regression Analysis of Count Data, section 3.3 (NB2). Checked in <c>ResponseDensityTests</c> and against glmmTMB.
/// </summary>
internal readonly struct NegativeBinomialCounts(double[] y) : IMeanDistribution
{
    private readonly double[] _constant = CountConstants.LogFactorials(y);
    private readonly double[] _shape = new double[y.Length];
    private readonly double[] _rising = new double[y.Length];

    public static int Parameters => 1;

    public static bool HasExpectedInformation => true;

    /// <summary>1/V(μ) = φ/(μ(μ + φ)).</summary>
    public (double Information, double Slope, double Own) Expected(int cell, double mean)
    {
        double shape = _shape[cell], sum = mean + shape, information = shape / (mean * sum);
        return (information, -information * (1 / mean + 1 / sum), shape / (sum * sum));
    }

    public void SetParameters(ReadOnlySpan<double[]> psi)
    {
        for (int i = 0; i < _shape.Length; i++)
        {
            _shape[i] = i > 0 && psi[0][i] == psi[0][i - 1] ? _shape[i - 1] : Math.Exp(psi[0][i]);
            _rising[i] = RisingFactorial.Log(_shape[i], y[i]) - _constant[i];
        }
    }

    public void Modes(int cell, double mean, ref MeanDerivatives into)
    {
        double count = y[cell], shape = _shape[cell], sum = mean + shape;
        into.Value = _rising[cell] + (count == 0 ? 0 : count * Math.Log(mean / shape)) - (count + shape) * LogisticFunction.Log1p(mean / shape);
        into.First = count / mean - (count + shape) / sum;
        into.Second = -count / (mean * mean) + (count + shape) / (sum * sum);
    }

    public void Gradient(int cell, double mean, ref MeanDerivatives into)
    {
        double count = y[cell], shape = _shape[cell], sum = mean + shape, total = count + shape, square = sum * sum;
        into.Third = 2 * count / (mean * mean * mean) - 2 * total / (square * sum);
        into.Own0 = shape * (RisingFactorial.First(shape, count) - LogisticFunction.Log1p(mean / shape) + (mean - count) / sum);
        into.OwnFirst0 = shape * (total / sum - 1) / sum;
        into.OwnSecond0 = shape * (1 - 2 * total / sum) / square;
    }
}

/// <summary>
/// The negative binomial distribution with Var = μ (1 + φ) ("nbinom1"), ψ = log φ, r = μ/φ:
/// ℓ = log (r)_y − log y! + y log(φ/(1 + φ)) − r log(1 + φ).
/// Cameron and Trivedi (1998), section 3.3 (NB1). Checked in <c>ResponseDensityTests</c> and against glmmTMB.
/// </summary>
internal readonly struct LinearNegativeBinomialCounts(double[] y) : IMeanDistribution
{
    private readonly double[] _constant = CountConstants.LogFactorials(y);
    private readonly double[] _dispersion = new double[y.Length];
    private readonly double[] _log = new double[y.Length];

    public static int Parameters => 1;

    public static bool HasExpectedInformation => false;

    public (double Information, double Slope, double Own) Expected(int cell, double mean) => (double.NaN, double.NaN, double.NaN);

    public void SetParameters(ReadOnlySpan<double[]> psi)
    {
        for (int i = 0; i < _log.Length; i++)
        {
            bool same = i > 0 && psi[0][i] == psi[0][i - 1];
            _dispersion[i] = same ? _dispersion[i - 1] : Math.Exp(psi[0][i]);
            _log[i] = same ? _log[i - 1] : LogisticFunction.Log1p(_dispersion[i]);
        }
    }

    public void Modes(int cell, double mean, ref MeanDerivatives into)
    {
        double count = y[cell], dispersion = _dispersion[cell], size = mean / dispersion;
        (double first, double second) = RisingFactorial.Two(size, count);
        into.Value = RisingFactorial.Log(size, count) - _constant[cell] + count * (Math.Log(dispersion) - _log[cell]) - size * _log[cell];
        into.First = (first - _log[cell]) / dispersion;
        into.Second = second / (dispersion * dispersion);
    }

    public void Gradient(int cell, double mean, ref MeanDerivatives into)
    {
        double count = y[cell], dispersion = _dispersion[cell], size = mean / dispersion, share = dispersion / (1 + dispersion);
        (double first, double second, double third) = RisingFactorial.Three(size, count);
        double net = first - _log[cell];
        into.Third = third / (dispersion * dispersion * dispersion);
        into.Own0 = -size * net + count * (1 - share) - size * share;
        into.OwnFirst0 = -(size * second + share + net) / dispersion;
        into.OwnSecond0 = -(size * third + 2 * second) / (dispersion * dispersion);
    }
}

/// <summary>What the log probabilities of counts have in common.</summary>
internal static class CountConstants
{
    /// <summary>log y! of every cell.</summary>
    public static double[] LogFactorials(double[] y) => Array.ConvertAll(y, count => GammaFunction.LogGamma(count + 1));
}
