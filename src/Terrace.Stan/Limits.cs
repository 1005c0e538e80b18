using Terrace.Stan.Runtime;

namespace Terrace.Stan;

/// <summary>Sets up the time limit and the cancellation of a workspace.</summary>
internal static class Limits
{
    /// <summary>Installs what loops call every so often.</summary>
    public static void Install(Workspace w, StanRunOptions options)
    {
        if (options.EvaluationLimit is null && !options.Cancellation.CanBeCanceled) return;
        w.Clock = options.Clock;
        w.Started = options.Clock.GetTimestamp();
        w.CheckLimits = () =>
        {
            options.Cancellation.ThrowIfCancellationRequested();
            if (options.EvaluationLimit is { } limit && options.Clock.GetElapsedTime(w.Started) > limit)
                throw new StanFaultException(StanFaultKind.Limit, $"one evaluation of the program takes longer than {limit.TotalSeconds:0.##} s, which is the limit");
        };
    }
}
