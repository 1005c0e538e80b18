using System.Diagnostics;
using Terrace.Inference.Sampling;
using Terrace.MixedModels;

namespace Terrace.Cli.Output;

/// <summary>A progress bar on one line of a terminal; nothing elsewhere, and nothing with <c>--quiet</c>.</summary>
internal sealed class ProgressLine(Invocation invocation) : IDisposable
{
    private const int BarWidth = 30;
    private readonly Lock _gate = new();
    private readonly bool _visible = invocation.Terminal && !invocation.Options.Quiet;
    private int _shownPerMille = -1;

    /// <summary>Hears of bootstrap replicates, from any thread; null where nothing is shown.</summary>
    public IProgress<ReplicateProgress>? ForReplicates() => _visible ? new Listener(this) : null;

    /// <summary>Hears of the iterations of <paramref name="chains"/> chains, from any thread; null where nothing is shown.</summary>
    public IProgress<SamplingProgress>? ForChains(int chains) => _visible ? new ChainListener(this, chains) : null;

    /// <summary>Removes the bar.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (_shownPerMille < 0) return;
            invocation.Error.Write("\r\u001b[K");
            invocation.Error.Flush();
            _shownPerMille = -1;
        }
    }

    /// <summary>Removes the bar.</summary>
    public void Dispose() => Clear();

    private void Show(ReplicateProgress progress)
    {
        lock (_gate)
        {
            int perMille = (int)(1000L * progress.Done / Math.Max(1, progress.Total));
            if (perMille <= _shownPerMille) return;
            _shownPerMille = perMille;
            int filled = BarWidth * perMille / 1000;
            string failed = progress.Failed == 0 ? "" : $", {progress.Failed} failed";
            invocation.Error.Write($"\rbootstrap [{new string('=', filled)}{new string(' ', BarWidth - filled)}] {progress.Done}/{progress.Total}{failed}\u001b[K");
            invocation.Error.Flush();
        }
    }

    private void Show(long done, long total, bool warmup, TimeSpan elapsed)
    {
        lock (_gate)
        {
            int perMille = (int)(1000 * done / Math.Max(1, total));
            if (perMille <= _shownPerMille) return;
            _shownPerMille = perMille;
            int filled = BarWidth * perMille / 1000;
            double left = elapsed.TotalSeconds * (total - done) / Math.Max(1, done);
            invocation.Error.Write($"\r{(warmup ? "warm-up " : "sampling")} [{new string('=', filled)}{new string(' ', BarWidth - filled)}] {done}/{total}, about {Math.Ceiling(left):0} s left\u001b[K");
            invocation.Error.Flush();
        }
    }

    private sealed class ChainListener(ProgressLine line, int chains) : IProgress<SamplingProgress>
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly int[] _done = new int[chains];

        public void Report(SamplingProgress value)
        {
            _done[value.Chain] = value.Iteration;
            line.Show(_done.Sum(n => (long)n), (long)value.Total * chains, value.IsWarmup, Stopwatch.GetElapsedTime(_start));
        }
    }

    private sealed class Listener(ProgressLine line) : IProgress<ReplicateProgress>
    {
        public void Report(ReplicateProgress value) => line.Show(value);
    }
}
