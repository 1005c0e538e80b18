namespace Terrace.Families;

/// <summary>The log link: η = log μ, μ = e^η (at least machine epsilon, as in R).</summary>
internal readonly struct LogLink : ILinkFunction
{
    public static string Name => "log";

    public static double Eta(double mean) => Math.Log(mean);

    public static double Mean(double eta) => Math.Max(Math.Exp(eta), ILinkFunction.Epsilon);

    public static double Slope(double eta) => Mean(eta);

    public static double Second(double eta) => Mean(eta);

    public static double Third(double eta) => Mean(eta);

    public static bool IsValidEta(double eta) => true;
}
