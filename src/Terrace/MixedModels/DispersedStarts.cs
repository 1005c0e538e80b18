using Terrace.Numerics.Distributions;

namespace Terrace.MixedModels;

/// <summary>Starts for a search spread evenly over plausible parameters, the same in every run: Halton (1960), <em>On the efficiency of certain quasi-random sequences of points</em>.</summary>
internal static class DispersedStarts
{
    private const double SmallestSd = 0.03;
    private const double LargestSd = 10;
    private const double LargestSlope = 0.8;

    /// <summary>Start number <paramref name="k"/>, from 1: of a term in orthonormal covariates, log standard deviations even over a range and entries below the diagonal up to 0.8 of them; of a fixed effect, two normal deviates around the usual start.</summary>
    public static double[] Point(RandomEffectsLayout layout, double[] usual, int k)
    {
        double[] point = [.. usual];
        int dimension = 0;
        foreach (var term in layout.Terms)
        {
            for (int r = 0; r < term.Width; r++)
            {
                double sd = SmallestSd * Math.Pow(LargestSd / SmallestSd, Halton(k, dimension++));
                point[term.ThetaIndex(r, r)] = sd;
                for (int c = 0; c < r; c++) point[term.ThetaIndex(r, c)] = sd * LargestSlope * (2 * Halton(k, dimension++) - 1);
            }
        }
        for (int j = layout.ThetaCount; j < point.Length; j++) point[j] += 2 * Normal.Quantile(Halton(k, dimension++));
        return point;
    }

    /// <summary>The radical inverse of k in the base of the dimension-th prime; far dimensions take k with a shift, lest neighbours march in step.</summary>
    private static double Halton(int k, int dimension)
    {
        int prime = Primes[dimension % Primes.Length];
        double result = 0, digit = 1.0 / prime;
        for (int rest = k + dimension / Primes.Length * 17; rest > 0; rest /= prime, digit /= prime) result += rest % prime * digit;
        return Math.Clamp(result, 0.01, 0.99);
    }

    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
}
