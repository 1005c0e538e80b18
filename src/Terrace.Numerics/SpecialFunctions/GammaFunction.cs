namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// The logarithm of the gamma function and its derivatives for positive arguments.
/// <para>Formula: near 1 and 2 the Taylor series log G(2 + w) = (1 - gamma) w + sum_k (-1)^k (zeta(k) - 1) w^k / k, which keeps the relative accuracy at
/// the zeros; from 15 on Stirling's series; between them the recurrence G(x + 1) = x G(x).</para>
/// <para>Symbols: zeta(k) - 1 = <see cref="ZetaMinusOne"/>; Stirling's remainder = <see cref="StirlingError"/>.</para>
/// <para>Source: Abramowitz and Stegun (1964), 6.1.33, 6.1.40, 6.3.18, 6.4.12; Loader (2000) for the remainder. Tests: GammaFunctionTests.</para>
/// </summary>
public static class GammaFunction
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const double OneMinusEuler = 0.42278433509846713939;

    private static ReadOnlySpan<double> ZetaMinusOne =>
    [
        0.64493406684822643647, 0.2020569031595942854, 0.082323233711138191516, 0.036927755143369926331, 0.017343061984449139715, 0.0083492773819228268398,
        0.0040773561979443393787, 0.0020083928260822144179, 0.00099457512781808533715, 0.0004941886041194645587, 0.00024608655330804829864,
        0.00012271334757848914675, 0.000061248135058704829259, 0.000030588236307020493552, 0.000015282259408651871733, 7.6371976378997622736e-6,
        3.8172932649998398565e-6, 1.9082127165539389257e-6, 9.5396203387279611315e-7, 4.7693298678780646312e-7, 2.3845050272773299e-7,
        1.1921992596531107307e-7, 5.9608189051259479612e-8, 2.9803503514652280186e-8, 1.4901554828365041235e-8, 7.450711789835429492e-9,
        3.7253340247884570548e-9, 1.8626597235130490064e-9,
    ];

    /// <summary>log G(x) for x &gt; 0; +infinity at 0, NaN below.</summary>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0 || double.IsPositiveInfinity(x)) return double.PositiveInfinity;
        if (x >= 15) return (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + StirlingError(x);
        if (x < 0.5) return NearTwo(x) - LogisticFunction.Log1p(x) - Math.Log(x);
        if (x < 1.5) return NearTwo(x - 1) - LogisticFunction.Log1p(x - 1);
        double product = 1;
        while (x > 2.5) product *= --x;
        return NearTwo(x - 2) + Math.Log(product);
    }

    /// <summary>log B(a, b) = log G(a) + log G(b) - log G(a + b), without cancellation for large arguments.</summary>
    public static double LogBeta(double a, double b)
    {
        double small = Math.Min(a, b), large = Math.Max(a, b), sum = a + b;
        if (!(small > 0)) return small == 0 ? double.PositiveInfinity : double.NaN;
        double ratio = small * LogisticFunction.Log1p(large / small) + (large - 0.5) * LogisticFunction.Log1p(small / large);
        double remainder = StirlingError(large) - StirlingError(sum);
        return small >= 15
            ? -0.5 * Math.Log(small) + HalfLogTwoPi + StirlingError(small) + remainder - ratio
            : LogGamma(small) + small + remainder - small * Math.Log(sum) - (large - 0.5) * LogisticFunction.Log1p(small / large);
    }

    /// <summary>
    /// Stirling's remainder d(x) = log G(x + 1) - (x + 1/2) log x + x - log(2 pi) / 2 for x &gt; 0, with an absolute error below 2e-15.
    /// Below 15 by d(x) = d(x + 1) + (x + 1/2) log(1 + 1/x) - 1.
    /// </summary>
    public static double StirlingError(double x)
    {
        double shifted = 0;
        for (; x < 15; x++) shifted += (x + 0.5) * LogisticFunction.Log1p(1 / x) - 1;
        double square = 1 / (x * x);
        double series = 1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square * (1 / 1680.0 - square * (1 / 1188.0 - square * (691 / 360360.0)))));
        return shifted + series / x;
    }

    /// <summary>The first derivative of log G at x &gt; 0.</summary>
    public static double Digamma(double x)
    {
        if (!(x > 0)) return double.NaN;
        double shifted = 0;
        for (; x < 12; x++) shifted -= 1 / x;
        double s = 1 / (x * x);
        double series = s * (1 / 12.0 - s * (1 / 120.0 - s * (1 / 252.0 - s * (1 / 240.0 - s * (1 / 132.0 - s * (691 / 32760.0 - s / 12))))));
        return shifted + Math.Log(x) - 0.5 / x - series;
    }

    /// <summary>The second derivative of log G at x &gt; 0.</summary>
    public static double Trigamma(double x)
    {
        if (!(x > 0)) return double.NaN;
        double shifted = 0;
        for (; x < 15; x++) shifted += 1 / (x * x);
        double s = 1 / (x * x);
        double series = 1 / 6.0 - s * (1 / 30.0 - s * (1 / 42.0 - s * (1 / 30.0 - s * (5 / 66.0 - s * (691 / 2730.0 - s * 7 / 6)))));
        return shifted + 1 / x + s / 2 + s * series / x;
    }

    /// <summary>The third derivative of log G at x &gt; 0.</summary>
    public static double Tetragamma(double x)
    {
        if (!(x > 0)) return double.NaN;
        double shifted = 0;
        for (; x < 15; x++) shifted -= 2 / (x * x * x);
        double s = 1 / (x * x);
        double series = 1 / 2.0 - s * (1 / 6.0 - s * (1 / 6.0 - s * (3 / 10.0 - s * (5 / 6.0 - s * (691 / 210.0 - s * 35 / 2)))));
        return shifted - s - s / x - s * s * series;
    }

    /// <summary>log G(2 + w) for |w| up to 1/2.</summary>
    private static double NearTwo(double w)
    {
        double sum = 0;
        for (int i = ZetaMinusOne.Length - 1; i >= 0; i--) sum = ZetaMinusOne[i] / (i + 2) - w * sum;
        return w * (OneMinusEuler + w * sum);
    }
}
