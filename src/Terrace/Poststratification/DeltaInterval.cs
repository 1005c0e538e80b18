namespace Terrace.Poststratification;

/// <summary>
/// An interval for a mean from its estimate and standard deviation.
/// <para>m ± z s; where that leaves the range of the mean or comes closer to an end than s/10, instead on the scale that opens the range, transformed back:
/// logit m ± z s / (m (1 − m)) for (0, 1), log m ± z s / m for (0, ∞).</para>
/// <para>m: <c>estimate</c>, s: <c>sd</c>, z: <c>multiple</c>.</para>
/// <para>G. W. Oehlert (1992), A note on the delta method, The American Statistician 46. The choice of scale is that of docs/decisions/0002-delta-intervals.md.
/// Pinned by <c>DeltaIntervalTests</c>, its coverage by <c>IntervalCoverageTests</c>.</para>
/// </summary>
internal static class DeltaInterval
{
    private const double Hair = 0.1;

    /// <summary>The interval; NaN where the estimate is.</summary>
    public static IntervalEstimate Of(double estimate, double sd, double multiple, MeanRange range)
    {
        IntervalEstimate plain = IntervalEstimate.Symmetric(estimate, sd, multiple);
        bool fits = plain.Lower >= range.Low + Hair * sd && plain.Upper <= range.High - Hair * sd;
        if (fits || !(sd > 0)) return plain;
        if (!(estimate > range.Low && estimate < range.High)) return plain with { Lower = Math.Max(plain.Lower, range.Low), Upper = Math.Min(plain.Upper, range.High) };
        return double.IsPositiveInfinity(range.High) ? OnLogScale(estimate, sd, multiple) : OnLogitScale(estimate, sd, multiple);
    }

    private static IntervalEstimate OnLogScale(double estimate, double sd, double multiple)
    {
        double factor = Math.Exp(multiple * sd / estimate);
        return new IntervalEstimate(estimate, sd, estimate / factor, estimate * factor);
    }

    private static IntervalEstimate OnLogitScale(double estimate, double sd, double multiple)
    {
        double center = Math.Log(estimate / (1 - estimate)), half = multiple * sd / (estimate * (1 - estimate));
        return new IntervalEstimate(estimate, sd, 1 / (1 + Math.Exp(half - center)), 1 / (1 + Math.Exp(-half - center)));
    }
}
