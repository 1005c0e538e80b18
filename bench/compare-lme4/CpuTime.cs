namespace Terrace.CompareLme4;

/// <summary>CPU seconds (user and system, all threads) of this process.</summary>
internal static class CpuTime
{
    /// <summary>CPU seconds since the process started.</summary>
    public static double Now => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>The CPU seconds of one call.</summary>
    public static double Of(Action action)
    {
        double start = Now;
        action();
        return Now - start;
    }

    /// <summary>
    /// The least CPU seconds of a call, once the just-in-time compiler has had its say: at least <paramref name="seconds"/> of calls in batches that last 20 ms or longer, at least three of them.
    /// </summary>
    public static double Least(Action action, double seconds)
    {
        double least = double.PositiveInfinity, start = Now;
        int calls = 1;
        for (int batches = 0; batches < 3 || Now - start < seconds;)
        {
            double spent = Of(() =>
            {
                for (int i = 0; i < calls; i++) action();
            });
            if (spent < 0.02)
            {
                calls *= 2;
                continue;
            }
            least = Math.Min(least, spent / calls);
            batches++;
        }
        return least;
    }
}
