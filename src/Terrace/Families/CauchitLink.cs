namespace Terrace.Families;

/// <summary>The cauchit link: η = tan(π(μ − 1/2)), the quantile of the Cauchy distribution. As in R, μ is kept ε from 0 and 1 and dμ/dη at least ε.</summary>
internal readonly struct CauchitLink : ILinkFunction
{
    private const double Threshold = 1433540284805665; // 1 / tan(pi * 2^-52)

    public static string Name => "cauchit";

    public static double Eta(double mean) => mean > 0.5 ? 1 / Math.Tan(Math.PI * (1 - mean)) : mean < 0.5 ? -1 / Math.Tan(Math.PI * mean) : 0;

    public static double Mean(double eta)
    {
        double x = Math.Clamp(eta, -Threshold, Threshold);
        if (Math.Abs(x) <= 1) return 0.5 + Math.Atan(x) / Math.PI;
        double tail = Math.Atan(1 / x) / Math.PI;
        return x > 0 ? 1 - tail : -tail;
    }

    public static double Slope(double eta) => Math.Max(1 / (Math.PI * (1 + eta * eta)), ILinkFunction.Epsilon);

    public static double Second(double eta) => -2 * eta / (Math.PI * Math.Pow(1 + eta * eta, 2));

    public static double Third(double eta) => (6 * eta * eta - 2) / (Math.PI * Math.Pow(1 + eta * eta, 3));

    public static bool IsValidEta(double eta) => true;
}
