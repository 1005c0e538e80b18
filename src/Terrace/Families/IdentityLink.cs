namespace Terrace.Families;

/// <summary>The identity link: η = μ.</summary>
internal readonly struct IdentityLink : ILinkFunction
{
    public static string Name => "identity";

    public static double Eta(double mean) => mean;

    public static double Mean(double eta) => eta;

    public static double Slope(double eta) => 1;

    public static double Second(double eta) => 0;

    public static double Third(double eta) => 0;

    public static bool IsValidEta(double eta) => true;
}
