namespace Terrace.Inference.Posterior;

/// <summary>
/// Mean and standard deviation of a sample, in two passes with compensated sums, so that values of 10⁹ ± 1 lose nothing.
/// <para>mean = Σx / n; sd = √( (Σ(x−m)² − (Σ(x−m))²/n) / (n − 1) ), m the rounded mean.</para>
/// <para>T. F. Chan, G. H. Golub and R. J. LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37, equation 1.7 (the corrected
/// two-pass algorithm). No deviation; pinned by <c>SampleMomentsTests</c>.</para>
/// </summary>
public static class SampleMoments
{
    /// <summary>The arithmetic mean; NaN of an empty sample.</summary>
    public static double Mean(ReadOnlySpan<double> sample)
    {
        var sum = new CompensatedSum();
        foreach (double x in sample) sum.Add(x);
        return sum.Value / sample.Length;
    }

    /// <summary>The standard deviation with divisor n − 1; NaN of fewer than two values.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> sample)
    {
        if (sample.Length < 2) return double.NaN;
        double mean = Mean(sample);
        var squares = new CompensatedSum();
        var remainder = new CompensatedSum();
        foreach (double x in sample)
        {
            double deviation = x - mean;
            squares.Add(deviation * deviation);
            remainder.Add(deviation);
        }
        double correction = remainder.Value * remainder.Value / sample.Length;
        return Math.Sqrt(Math.Max(0, squares.Value - correction) / (sample.Length - 1));
    }
}
