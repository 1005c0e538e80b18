namespace Terrace.Inference.Sampling;

/// <summary>
/// When warm-up iterations feed the metric and when it is renewed: after an initial buffer of 75 come windows of 25, 50, 100, … iterations, the last stretched to the final buffer of 50. Short warm-ups
/// divide themselves as 15 %, 75 % and 10 %; below 20 iterations the metric is left alone.
/// <para>Stan Development Team, Stan Reference Manual, "Automatic parameter tuning". Checked in <c>AdaptationTests</c> (the boundaries of several lengths).</para>
/// </summary>
internal sealed class WindowSchedule
{
    private readonly int _first;
    private readonly int _last;
    private readonly bool[] _ends;

    /// <summary>The schedule of a warm-up.</summary>
    public WindowSchedule(int warmup)
    {
        _ends = new bool[Math.Max(warmup, 1)];
        if (warmup < 20) return;
        int initial = 75, window = 25, final = 50;
        if (initial + window + final > warmup)
        {
            initial = (int)(0.15 * warmup);
            final = (int)(0.1 * warmup);
            window = warmup - initial - final;
        }
        (_first, _last) = (initial, warmup - final);
        for (int end = initial + window - 1; ;)
        {
            _ends[end] = true;
            if (end == _last - 1) break;
            window *= 2;
            int next = end + window;
            end = next == _last - 1 || next + 2 * window < _last ? next : _last - 1;
        }
    }

    /// <summary>Whether the position after iteration <paramref name="iteration"/> feeds the metric.</summary>
    public bool Feeds(int iteration) => iteration >= _first && iteration < _last;

    /// <summary>Whether the metric is renewed after iteration <paramref name="iteration"/>.</summary>
    public bool Ends(int iteration) => _ends[iteration];
}
