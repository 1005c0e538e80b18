using Terrace.Numerics.Distributions;

namespace Terrace.Families;

/// <summary>The probit link: η = Φ⁻¹(μ). As in R, η is kept within ±Φ⁻¹(1 − ε) and dμ/dη at least ε.</summary>
internal readonly struct ProbitLink : ILinkFunction
{
    private const double Threshold = 8.12589066470190; // -qnorm(2^-52)
    private const double InverseRootTwoPi = 0.398942280401432677939946059934;

    public static string Name => "probit";

    public static double Eta(double mean) => Normal.Quantile(mean);

    public static double Mean(double eta) => Normal.Cdf(Math.Clamp(eta, -Threshold, Threshold));

    public static double Slope(double eta) => Math.Max(Density(eta), ILinkFunction.Epsilon);

    public static double Second(double eta) => -eta * Density(eta);

    public static double Third(double eta) => (eta * eta - 1) * Density(eta);

    public static bool IsValidEta(double eta) => true;

    private static double Density(double eta) => InverseRootTwoPi * Math.Exp(-0.5 * eta * eta);
}
