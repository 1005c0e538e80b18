namespace Terrace.CompareStan;

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
}
