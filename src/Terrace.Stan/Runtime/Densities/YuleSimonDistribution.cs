using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The Yule–Simon distribution on 1, 2, …: α B(α + 1, n), a geometric whose chance is e^−W, W exponential with rate α; P(Y &gt; n) = n B(α + 1, n). Arguments: n, α.</summary>
internal static unsafe class YuleSimonDistribution
{
    private const double LargestMean = 1 << 29;

    /// <summary>log α (of α) + log B(α + 1, n) (of both).</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], a = x[1];
        if (!(n >= 1)) DiscreteDomain.Refuse("yule_simon_lpmf", "outcome", n, "at least 1");
        DiscreteDomain.Positive("yule_simon_lpmf", "shape", a);
        if ((wanted & 2) != 0) d[1] = (1 / a) - RisingFactorial.First(a + 1, n);
        double value = 0;
        if ((terms & 2) != 0) value += Math.Log(a);
        if ((terms & 3) != 0) value += GammaFunction.LogBeta(a + 1, n);
        return value;
    }

    /// <summary>log P(Y ≤ n).</summary>
    public static double LogCdf(double* x, double* d, int wanted)
    {
        DiscreteDomain.Positive("yule_simon_lcdf", "shape", x[1]);
        if ((wanted & 2) != 0) d[1] = 0;
        if (x[0] < 1) return double.NegativeInfinity;
        double above = LogAbove(x[0], x[1]), value = LogisticFunction.Log1mExp(-above);
        if ((wanted & 2) != 0) d[1] = Math.Exp(above - value) * RisingFactorial.First(x[1] + 1, x[0]);
        return value;
    }

    /// <summary>log P(Y &gt; n) = log n + log B(α + 1, n).</summary>
    public static double LogCcdf(double* x, double* d, int wanted)
    {
        DiscreteDomain.Positive("yule_simon_lccdf", "shape", x[1]);
        if ((wanted & 2) != 0) d[1] = x[0] < 1 ? 0 : -RisingFactorial.First(x[1] + 1, x[0]);
        return x[0] < 1 ? 0 : LogAbove(x[0], x[1]);
    }

    /// <summary>A geometric on 1, 2, … whose chance is e^−W, W exponential with rate α.</summary>
    public static double Draw(double* x, Rng rng)
    {
        DiscreteDomain.Positive("yule_simon_rng", "shape", x[1]);
        if (x[1] > 1 && x[1] / (x[1] - 1) >= LargestMean) DiscreteDomain.Refuse("yule_simon_rng", "mean", x[1] / (x[1] - 1), "less than 2^29");
        double chance = rng.NextExponential() / x[1], n = 1 + Math.Floor(rng.NextExponential() / -LogisticFunction.Log1mExp(chance));
        if (!(n <= int.MaxValue)) DiscreteDomain.Refuse("yule_simon_rng", "drawn count", n, "an int");
        return n;
    }

    private static double LogAbove(double n, double a) => Math.Log(n) + GammaFunction.LogBeta(a + 1, n);
}
