namespace Terrace.Families;

/// <summary>The inverse link: η = 1/μ.</summary>
internal readonly struct InverseLink : ILinkFunction
{
    public static string Name => "inverse";

    public static double Eta(double mean) => 1 / mean;

    public static double Mean(double eta) => 1 / eta;

    public static double Slope(double eta) => -1 / (eta * eta);

    public static double Second(double eta) => 2 / (eta * eta * eta);

    public static double Third(double eta) => -6 / (eta * eta * eta * eta);

    public static bool IsValidEta(double eta) => double.IsFinite(eta) && eta != 0;
}
