using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families.Densities;

/// <summary>
/// The normal distribution with standard deviation σ, ψ = log σ, z = (y − μ)/σ: ℓ = −½ log 2π − ψ − ½ z² + a constant, which is −log y where y is the logarithm of a lognormal
/// response. Aitkin (1987), Modelling variance heterogeneity in normal regression. Checked in <c>ResponseDensityTests</c>.
/// </summary>
internal readonly struct NormalLocation(double[] y, double[] constant) : IMeanDistribution
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private readonly double[] _log = new double[y.Length];
    private readonly double[] _inverse = new double[y.Length];

    public static int Parameters => 1;

    public static bool HasExpectedInformation => false;

    public (double Information, double Slope, double Own) Expected(int cell, double mean) => (double.NaN, double.NaN, double.NaN);

    public void SetParameters(ReadOnlySpan<double[]> psi)
    {
        psi[0].CopyTo(_log, 0);
        for (int i = 0; i < _log.Length; i++) _inverse[i] = Math.Exp(-_log[i]);
    }

    public void Modes(int cell, double mean, ref MeanDerivatives into)
    {
        double inverse = _inverse[cell], z = (y[cell] - mean) * inverse;
        into.Value = constant[cell] - HalfLogTwoPi - _log[cell] - 0.5 * z * z;
        into.First = z * inverse;
        into.Second = -inverse * inverse;
    }

    public void Gradient(int cell, double mean, ref MeanDerivatives into)
    {
        double inverse = _inverse[cell], z = (y[cell] - mean) * inverse;
        into.Third = 0;
        into.Own0 = z * z - 1;
        into.OwnFirst0 = -2 * z * inverse;
        into.OwnSecond0 = 2 * inverse * inverse;
    }
}

/// <summary>
/// Student's t distribution with scale σ and ν degrees of freedom, ψ₁ = log σ, ψ₂ = log ν, z = (y − μ)/σ, D = ν + z²:
/// ℓ = log Γ((ν + 1)/2) − log Γ(ν/2) − ½ log(νπ) − log σ + h(z), h = −½(ν + 1) log(1 + z²/ν).
/// <code>
/// h′ = −(ν + 1) z/D     h″ = −(ν + 1)(ν − z²)/D²     h‴ = 2(ν + 1) z (3ν − z²)/D³
/// </code>
/// For ν above 10⁷ the derivative in log ν is that of the first term of the expansion in 1/ν, (1 + 2z² − z⁴)/(4ν), which has no cancellation.
/// Lange, Little and Taylor (1989), Robust statistical modeling using the t distribution. Checked in <c>ResponseDensityTests</c>.
/// </summary>
internal readonly struct StudentLocation(double[] y) : IMeanDistribution
{
    private const double NearlyNormal = 1e7;
    private const double LargestLog = 100;
    private readonly double[] _logScale = new double[y.Length];
    private readonly double[] _inverse = new double[y.Length];
    private readonly double[] _df = new double[y.Length];
    private readonly double[] _constant = new double[y.Length];
    private readonly double[] _slope = new double[y.Length];

    public static int Parameters => 2;

    public static bool HasExpectedInformation => false;

    public (double Information, double Slope, double Own) Expected(int cell, double mean) => (double.NaN, double.NaN, double.NaN);

    public void SetParameters(ReadOnlySpan<double[]> psi)
    {
        for (int i = 0; i < _df.Length; i++)
        {
            _logScale[i] = psi[0][i];
            _inverse[i] = Math.Exp(-psi[0][i]);
            bool same = i > 0 && psi[1][i] == psi[1][i - 1];
            double df = _df[i] = same ? _df[i - 1] : Math.Exp(Math.Min(psi[1][i], LargestLog));
            _constant[i] = same ? _constant[i - 1] : -GammaFunction.LogBeta(0.5, df / 2) - 0.5 * Math.Log(df);
            _slope[i] = same ? _slope[i - 1] : 0.5 * (GammaFunction.Digamma((df + 1) / 2) - GammaFunction.Digamma(df / 2) - 1 / df);
        }
    }

    public void Modes(int cell, double mean, ref MeanDerivatives into)
    {
        double inverse = _inverse[cell], df = _df[cell], z = (y[cell] - mean) * inverse, d = df + z * z;
        into.Value = _constant[cell] - _logScale[cell] - 0.5 * (df + 1) * LogisticFunction.Log1p(z * z / df);
        into.First = (df + 1) * z / d * inverse;
        into.Second = -(df + 1) * (df - z * z) / (d * d) * inverse * inverse;
    }

    public void Gradient(int cell, double mean, ref MeanDerivatives into)
    {
        double inverse = _inverse[cell], df = _df[cell], z = (y[cell] - mean) * inverse, square = z * z, d = df + square;
        double h1 = -(df + 1) * z / d, h2 = -(df + 1) * (df - square) / (d * d), h3 = 2 * (df + 1) * z * (3 * df - square) / (d * d * d);
        into.Third = -h3 * inverse * inverse * inverse;
        into.Own0 = -1 - z * h1;
        into.OwnFirst0 = (z * h2 + h1) * inverse;
        into.OwnSecond0 = -(z * h3 + 2 * h2) * inverse * inverse;
        into.Own1 = df < NearlyNormal
            ? df * (_slope[cell] - 0.5 * LogisticFunction.Log1p(square / df) + 0.5 * (df + 1) * square / (df * d))
            : (1 + 2 * square - square * square) / (4 * df);
        into.OwnFirst1 = df * z * (square - 1) / (d * d) * inverse;
        into.OwnSecond1 = df * ((square - df - df - 1) / (d * d) + 2 * (df + 1) * (df - square) / (d * d * d)) * inverse * inverse;
    }
}
