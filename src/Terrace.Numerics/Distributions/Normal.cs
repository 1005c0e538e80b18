namespace Terrace.Numerics.Distributions;

/// <summary>
/// The normal distribution: log density, tails and quantile.
/// <para>Formula: density e^(-z^2/2) / (s sqrt(2 pi)), z = (x - m) / s; cdf erfc(-z / sqrt 2) / 2.</para>
/// <para>Source of the quantile: Wichura (1988), Algorithm AS 241, PPND16, with the operations in the published order so that R's
/// normal variates can be repeated to the bit. Tests: NormalTests (against R).</para>
/// </summary>
public static class Normal
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>The log density at <paramref name="x"/>.</summary>
    public static double LogDensity(double x, double mean = 0, double sd = 1)
    {
        double z = (x - mean) / sd;
        return -(HalfLogTwoPi + 0.5 * z * z + Math.Log(sd));
    }

    /// <summary>P(X &lt;= x).</summary>
    public static double Cdf(double x, double mean = 0, double sd = 1) => 0.5 * Erfc(-(x - mean) / sd);

    /// <summary>P(X &gt; x), accurate far in the tail.</summary>
    public static double UpperTail(double x, double mean = 0, double sd = 1) => 0.5 * Erfc((x - mean) / sd);

    /// <summary>log P(Z &lt;= z) of the standard normal, finite for every finite z.</summary>
    public static double LogCdf(double z)
    {
        if (z > 1) return SpecialFunctions.LogisticFunction.Log1p(-UpperTail(z));
        return z > -25 ? Math.Log(Cdf(z)) : -0.5 * z * z - HalfLogTwoPi - Math.Log(-z) + Math.Log(MillsSeries(1 / (z * z)));
    }

    /// <summary>The quantile: x with P(X &lt;= x) = p. NaN outside 0 ... 1.</summary>
    public static double Quantile(double p, double mean = 0, double sd = 1) => mean + sd * Quantile(p);

    /// <summary>The standard normal quantile.</summary>
    public static double Quantile(double p)
    {
        if (!(p >= 0 && p <= 1)) return double.NaN;
        if (p == 0) return double.NegativeInfinity;
        if (p == 1) return double.PositiveInfinity;
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425) return Centre(q);
        double r = Math.Sqrt(-Math.Log(q < 0 ? p : 1 - p));
        double value = r <= 5 ? Shoulder(r - 1.6) : Tail(r - 5);
        return q < 0 ? -value : value;
    }

    /// <summary>
    /// erfc(z / sqrt 2). The rounding of z^2/2 in the exponent is taken out by splitting z into a part with few digits and a rest.
    /// </summary>
    private static double Erfc(double z)
    {
        if (z < 4) return SpecialFunctionsErfc(z);
        if (z > 39) return 0;
        double coarse = Math.Floor(z * 16) / 16, rest = (z - coarse) * (z + coarse);
        return Math.Exp(-0.5 * coarse * coarse) * Math.Exp(-0.5 * rest) * MillsRatio(z) * 0.79788456080286535588;
    }

    private static double SpecialFunctionsErfc(double z) => MathNet.Numerics.SpecialFunctions.Erfc(z * 0.70710678118654752440);

    /// <summary>(1 - cdf) / density for z of at least 4, by Laplace's continued fraction evaluated from the far end.</summary>
    private static double MillsRatio(double z)
    {
        double fraction = z;
        for (int k = 80; k >= 1; k--) fraction = z + k / fraction;
        return 1 / fraction;
    }

    private static double MillsSeries(double s) => 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))));

    private static double Centre(double q)
    {
        double r = .180625 - q * q;
        return q * (((((((r * 2509.0809287301226727 + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r
            + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608)
            / (((((((r * 5226.495278852545925 + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r
            + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0);
    }

    private static double Shoulder(double r) =>
        (((((((r * 7.7454501427834140764e-4 + .0227238449892691845833) * r + .24178072517745061177) * r + 1.27045825245236838258) * r
        + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734)
        / (((((((r * 1.05075007164441684324e-9 + 5.475938084995344946e-4) * r + .0151986665636164571966) * r + .14810397642748007459) * r
        + .68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0);

    private static double Tail(double r) =>
        (((((((r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5) * r + .0012426609473880784386) * r + .026532189526576123093) * r
        + .29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772)
        / (((((((r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
        + .0148753612908506148525) * r + .13692988092273580531) * r + .59983220655588793769) * r + 1.0);
}
