namespace Terrace.Families;

/// <summary>The square-root link: η = √μ, μ = η², η positive.</summary>
internal readonly struct SqrtLink : ILinkFunction
{
    public static string Name => "sqrt";

    public static double Eta(double mean) => Math.Sqrt(mean);

    public static double Mean(double eta) => eta * eta;

    public static double Slope(double eta) => 2 * eta;

    public static double Second(double eta) => 2;

    public static double Third(double eta) => 0;

    public static bool IsValidEta(double eta) => double.IsFinite(eta) && eta > 0;
}
