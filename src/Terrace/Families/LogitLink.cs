namespace Terrace.Families;

/// <summary>The logit link: η = log(μ / (1 − μ)). As in R, η beyond ±30 gives a mean of machine epsilon from 0 or 1.</summary>
internal readonly struct LogitLink : ILinkFunction
{
    private const double Threshold = 30;

    public static string Name => "logit";

    public static double Eta(double mean) => Math.Log(mean / (1 - mean));

    public static double Mean(double eta)
    {
        double odds = eta < -Threshold ? ILinkFunction.Epsilon : eta > Threshold ? 1 / ILinkFunction.Epsilon : Math.Exp(eta);
        return odds / (1 + odds);
    }

    public static double Slope(double eta)
    {
        if (Math.Abs(eta) > Threshold) return ILinkFunction.Epsilon;
        double odds = Math.Exp(eta);
        return odds / ((1 + odds) * (1 + odds));
    }

    public static double Second(double eta) => Slope(eta) * (1 - 2 * Mean(eta));

    public static double Third(double eta)
    {
        double slope = Slope(eta);
        return slope * (1 - 6 * slope);
    }

    public static bool IsValidEta(double eta) => true;
}
