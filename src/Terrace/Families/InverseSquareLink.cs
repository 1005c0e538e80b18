namespace Terrace.Families;

/// <summary>The inverse-square link: η = 1/μ², canonical for the inverse Gaussian, η positive.</summary>
internal readonly struct InverseSquareLink : ILinkFunction
{
    public static string Name => "1/mu^2";

    public static double Eta(double mean) => 1 / (mean * mean);

    public static double Mean(double eta) => 1 / Math.Sqrt(eta);

    public static double Slope(double eta) => -0.5 / (eta * Math.Sqrt(eta));

    public static double Second(double eta) => 0.75 / (eta * eta * Math.Sqrt(eta));

    public static double Third(double eta) => -1.875 / (eta * eta * eta * Math.Sqrt(eta));

    public static bool IsValidEta(double eta) => double.IsFinite(eta) && eta > 0;
}
