using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Families;

/// <summary>The complementary log-log link: η = log(−log(1 − μ)). As in R, μ is kept ε from 0 and 1 and dμ/dη at least ε.</summary>
internal readonly struct CloglogLink : ILinkFunction
{
    private const double LargestEta = 700;

    public static string Name => "cloglog";

    public static double Eta(double mean) => Math.Log(-LogisticFunction.Log1p(-mean));

    public static double Mean(double eta) => Math.Clamp(-LogisticFunction.Expm1(-Math.Exp(eta)), ILinkFunction.Epsilon, 1 - ILinkFunction.Epsilon);

    public static double Slope(double eta) => Math.Max(Density(eta), ILinkFunction.Epsilon);

    public static double Second(double eta) => Density(eta) * (1 - Hazard(eta));

    public static double Third(double eta)
    {
        double hazard = Hazard(eta);
        return Density(eta) * ((1 - hazard) * (1 - hazard) - hazard);
    }

    public static bool IsValidEta(double eta) => true;

    private static double Hazard(double eta) => Math.Exp(Math.Min(eta, LargestEta));

    private static double Density(double eta) => Hazard(eta) * Math.Exp(-Hazard(eta));
}
