namespace Terrace.Numerics.SpecialFunctions;

/// <summary>
/// The logarithm of the rising factorial a (a + 1) … (a + n − 1) and its derivatives in a &gt; 0, the part of a negative binomial or beta-binomial likelihood that
/// depends on its shape.
/// <para>Formula: up to n = 24 the sums of log(a + j), 1/(a + j), −1/(a + j)², 2/(a + j)³ over j &lt; n; beyond, differences of log G and its derivatives, that of log G with the
/// large terms taken out: (a − ½) log(1 + n/a) + n log(a + n) − n + d(a + n) − d(a), d Stirling's remainder.</para>
/// <para>Source: Abramowitz and Stegun (1964), 6.1.22, 6.1.40, 6.4.6. Tests: RisingFactorialTests (against each other and finite differences).</para>
/// </summary>
public static class RisingFactorial
{
    private const int LongestSum = 24;
    private const double LargestProduct = 1e250;

    /// <summary>log of the rising factorial.</summary>
    public static double Log(double a, double n)
    {
        if (n > LongestSum) return (a - 0.5) * LogisticFunction.Log1p(n / a) + n * Math.Log(a + n) - n + GammaFunction.StirlingError(a + n) - GammaFunction.StirlingError(a);
        double sum = 0, product = 1;
        for (int j = 0; j < n; j++)
        {
            product *= a + j;
            if (product is < LargestProduct and > 1 / LargestProduct) continue;
            sum += Math.Log(product);
            product = 1;
        }
        return sum + Math.Log(product);
    }

    /// <summary>The first derivative of <see cref="Log"/> in a.</summary>
    public static double First(double a, double n)
    {
        if (n > LongestSum) return GammaFunction.Digamma(a + n) - GammaFunction.Digamma(a);
        double sum = 0;
        for (int j = 0; j < n; j++) sum += 1 / (a + j);
        return sum;
    }

    /// <summary>The first and second derivatives of <see cref="Log"/> in a.</summary>
    public static (double First, double Second) Two(double a, double n)
    {
        if (n > LongestSum) return (GammaFunction.Digamma(a + n) - GammaFunction.Digamma(a), GammaFunction.Trigamma(a + n) - GammaFunction.Trigamma(a));
        double first = 0, second = 0;
        for (int j = 0; j < n; j++)
        {
            double inverse = 1 / (a + j);
            first += inverse;
            second -= inverse * inverse;
        }
        return (first, second);
    }

    /// <summary>The first three derivatives of <see cref="Log"/> in a.</summary>
    public static (double First, double Second, double Third) Three(double a, double n)
    {
        if (n > LongestSum)
        {
            (double one, double two) = Two(a, n);
            return (one, two, GammaFunction.Tetragamma(a + n) - GammaFunction.Tetragamma(a));
        }
        double first = 0, second = 0, third = 0;
        for (int j = 0; j < n; j++)
        {
            double inverse = 1 / (a + j), square = inverse * inverse;
            first += inverse;
            second -= square;
            third += 2 * square * inverse;
        }
        return (first, second, third);
    }
}
