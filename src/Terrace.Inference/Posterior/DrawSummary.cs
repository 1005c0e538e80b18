namespace Terrace.Inference.Posterior;

/// <summary>Mean, standard deviation and equal-tailed interval of one variable's draws.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Sd">The standard deviation (divisor n − 1).</param>
/// <param name="Lower">The quantile at (1 − level)/2.</param>
/// <param name="Upper">The quantile at (1 + level)/2.</param>
public readonly record struct DrawSummary(double Mean, double Sd, double Lower, double Upper)
{
    /// <summary>Summarises draws; <paramref name="level"/> is the probability that the interval holds, such as 0.95.</summary>
    public static DrawSummary Of(ReadOnlySpan<double> draws, double level)
    {
        double[] bounds = SampleQuantile.Of(draws, [(1 - level) / 2, (1 + level) / 2]);
        return new DrawSummary(SampleMoments.Mean(draws), SampleMoments.StandardDeviation(draws), bounds[0], bounds[1]);
    }
}
