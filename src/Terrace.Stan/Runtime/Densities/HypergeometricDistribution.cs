using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>The hypergeometric distribution: C(a, n) C(b, N − n)/C(a + b, N), the successes in N draws without replacement. Arguments, all counts: n, N, a, b.</summary>
internal static unsafe class HypergeometricDistribution
{
    /// <summary>One summand of all arguments.</summary>
    public static double Log(double* x, double* d, int terms, int wanted)
    {
        double n = x[0], draws = x[1], a = x[2], b = x[3];
        Check("hypergeometric_lpmf", draws, a, b);
        DiscreteDomain.Range("hypergeometric_lpmf", "outcome", n, Math.Max(0, draws - b), Math.Min(a, draws));
        return (terms & 15) == 0 ? 0 : Mass(n, draws, a, b);
    }

    /// <summary>By inversion, from the mode outwards by ratios of masses: steps in proportion to the standard deviation.</summary>
    public static double Draw(double* x, Rng rng)
    {
        double draws = x[1], a = x[2], b = x[3];
        Check("hypergeometric_rng", draws, a, b);
        double low = Math.Max(0, draws - b), high = Math.Min(a, draws);
        double mode = Math.Clamp(Math.Floor((draws + 1) * (a + 1) / (a + b + 2)), low, high), top = Math.Exp(Mass(mode, draws, a, b));
        while (true)
        {
            double u = rng.NextDouble() - top, down = mode, up = mode, below = top, above = top;
            if (u <= 0) return mode;
            while (down > low || up < high)
            {
                if (down > low)
                {
                    below *= down * (b - draws + down) / ((a - down + 1) * (draws - down + 1));
                    down--;
                    if ((u -= below) <= 0) return down;
                }
                if (up < high)
                {
                    above *= (a - up) * (draws - up) / ((up + 1) * (b - draws + up + 1));
                    up++;
                    if ((u -= above) <= 0) return up;
                }
            }
        }
    }

    private static double Mass(double n, double draws, double a, double b) => LogFactorial.Choose(a, n) + LogFactorial.Choose(b, draws - n) - LogFactorial.Choose(a + b, draws);

    private static void Check(string function, double draws, double a, double b)
    {
        DiscreteDomain.Count(function, "number of successes in the population", a);
        DiscreteDomain.Count(function, "number of failures in the population", b);
        DiscreteDomain.Range(function, "number of draws", draws, 0, a + b);
    }
}
