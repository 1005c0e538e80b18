using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families.Densities;

/// <summary>
/// The beta distribution of shares strictly between 0 and 1 with mean μ and precision φ, Var = μ(1 − μ)/(1 + φ), ψ = log φ, a = μφ, b = (1 − μ)φ:
/// ℓ = log Γ(φ) − log Γ(a) − log Γ(b) + (a − 1) log y + (b − 1) log(1 − y).
/// Ferrari and Cribari-Neto (2004), Beta regression for modelling rates and proportions, equation 4. Checked in <c>ResponseDensityTests</c> and against glmmTMB.
/// </summary>
internal readonly struct BetaShares(double[] y) : IMeanDistribution
{
    private readonly double[] _log = Array.ConvertAll(y, Math.Log);
    private readonly double[] _logRest = Array.ConvertAll(y, share => LogisticFunction.Log1p(-share));
    private readonly double[] _precision = new double[y.Length];
    private readonly double[] _logGamma = new double[y.Length];

    public static int Parameters => 1;

    public static bool HasExpectedInformation => false;

    public (double Information, double Slope, double Own) Expected(int cell, double mean) => (double.NaN, double.NaN, double.NaN);

    public void SetParameters(ReadOnlySpan<double[]> psi)
    {
        for (int i = 0; i < _log.Length; i++)
        {
            bool same = i > 0 && psi[0][i] == psi[0][i - 1];
            _precision[i] = same ? _precision[i - 1] : Math.Exp(psi[0][i]);
            _logGamma[i] = same ? _logGamma[i - 1] : GammaFunction.LogGamma(_precision[i]);
        }
    }

    public void Modes(int cell, double mean, ref MeanDerivatives into)
    {
        double precision = _precision[cell], a = mean * precision, b = (1 - mean) * precision;
        into.Value = _logGamma[cell] - GammaFunction.LogGamma(a) - GammaFunction.LogGamma(b) + (a - 1) * _log[cell] + (b - 1) * _logRest[cell];
        into.First = precision * (_log[cell] - _logRest[cell] - GammaFunction.Digamma(a) + GammaFunction.Digamma(b));
        into.Second = -precision * precision * (GammaFunction.Trigamma(a) + GammaFunction.Trigamma(b));
    }

    public void Gradient(int cell, double mean, ref MeanDerivatives into)
    {
        double precision = _precision[cell], rest = 1 - mean, a = mean * precision, b = rest * precision;
        double a1 = GammaFunction.Digamma(a), b1 = GammaFunction.Digamma(b), a2 = GammaFunction.Trigamma(a), b2 = GammaFunction.Trigamma(b);
        double a3 = GammaFunction.Tetragamma(a), b3 = GammaFunction.Tetragamma(b);
        into.Third = -precision * precision * precision * (a3 - b3);
        into.Own0 = precision * (GammaFunction.Digamma(precision) + mean * (_log[cell] - a1) + rest * (_logRest[cell] - b1));
        into.OwnFirst0 = precision * (_log[cell] - _logRest[cell] - a1 + b1 + precision * (rest * b2 - mean * a2));
        into.OwnSecond0 = -precision * precision * (2 * (a2 + b2) + precision * (mean * a3 + rest * b3));
    }
}

/// <summary>
/// The beta-binomial distribution of y successes in m trials with mean share μ and precision φ, ψ = log φ, a = μφ, b = (1 − μ)φ:
/// ℓ = log C(m, y) + log (a)_y + log (b)_(m−y) − log (φ)_m, (·)_n the rising factorial.
/// Crowder (1978), Beta-binomial Anova for proportions. Checked in <c>ResponseDensityTests</c> and against glmmTMB.
/// </summary>
internal readonly struct BetaBinomialShares : IMeanDistribution
{
    private readonly double[] _successes;
    private readonly double[] _trials;
    private readonly double[] _constant;
    private readonly double[] _precision;
    private readonly double[] _total;

    public BetaBinomialShares(double[] successes, double[] trials)
    {
        _successes = successes;
        _trials = trials;
        _constant = new double[trials.Length];
        _precision = new double[trials.Length];
        _total = new double[trials.Length];
        for (int i = 0; i < trials.Length; i++)
            _constant[i] = GammaFunction.LogGamma(trials[i] + 1) - GammaFunction.LogGamma(successes[i] + 1) - GammaFunction.LogGamma(trials[i] - successes[i] + 1);
    }

    public static int Parameters => 1;

    public static bool HasExpectedInformation => false;

    public (double Information, double Slope, double Own) Expected(int cell, double mean) => (double.NaN, double.NaN, double.NaN);

    public void SetParameters(ReadOnlySpan<double[]> psi)
    {
        for (int i = 0; i < _precision.Length; i++)
        {
            _precision[i] = i > 0 && psi[0][i] == psi[0][i - 1] ? _precision[i - 1] : Math.Exp(psi[0][i]);
            _total[i] = _constant[i] - RisingFactorial.Log(_precision[i], _trials[i]);
        }
    }

    public void Modes(int cell, double mean, ref MeanDerivatives into)
    {
        double precision = _precision[cell], a = mean * precision, b = (1 - mean) * precision, successes = _successes[cell], failures = _trials[cell] - successes;
        (double a1, double a2) = RisingFactorial.Two(a, successes);
        (double b1, double b2) = RisingFactorial.Two(b, failures);
        into.Value = _total[cell] + RisingFactorial.Log(a, successes) + RisingFactorial.Log(b, failures);
        into.First = precision * (a1 - b1);
        into.Second = precision * precision * (a2 + b2);
    }

    public void Gradient(int cell, double mean, ref MeanDerivatives into)
    {
        double precision = _precision[cell], rest = 1 - mean, square = precision * precision;
        (double a1, double a2, double a3) = RisingFactorial.Three(mean * precision, _successes[cell]);
        (double b1, double b2, double b3) = RisingFactorial.Three(rest * precision, _trials[cell] - _successes[cell]);
        into.Third = square * precision * (a3 - b3);
        into.Own0 = precision * (mean * a1 + rest * b1 - RisingFactorial.First(precision, _trials[cell]));
        into.OwnFirst0 = precision * (a1 - b1 + precision * (mean * a2 - rest * b2));
        into.OwnSecond0 = square * (2 * (a2 + b2) + precision * (mean * a3 + rest * b3));
    }
}
