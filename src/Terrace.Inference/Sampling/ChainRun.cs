using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Sampling;

/// <summary>One chain from its first state to its last draw, with its checkpoint. Belongs to one thread while it runs.</summary>
internal sealed class ChainRun
{
    /// <summary>Generated quantities have a stream of their own, so that the trajectory does not depend on what is written.</summary>
    private const ulong DrawStreams = 1UL << 40;

    private readonly int _chain;
    private readonly IMarkovTransition _transition;
    private readonly NutsOptions _options;
    private readonly ChainCheckpoint? _checkpoint;
    private readonly double[] _draws;
    private readonly TransitionStatistics[] _statistics;
    private readonly int _columns;
    private Rng _rng;
    private Rng _drawRng;
    private int _iteration;
    private int _kept;
    private long _leapfrogs;
    private double _warmupSeconds;
    private double _samplingSeconds;

    public ChainRun(int chain, VariableLayout layout, IMarkovTransition transition, NutsOptions options, ChainCheckpoint? checkpoint)
    {
        (_chain, _transition, _options, _checkpoint, _columns) = (chain, transition, options, checkpoint, layout.Count);
        int kept = Kept(options.Iterations, options) + (options.SaveWarmup ? Kept(options.Warmup, options) : 0);
        _draws = new double[checked(kept * _columns)];
        _statistics = new TransitionStatistics[kept];
        _rng = new Rng(options.Seed, (ulong)chain);
        _drawRng = new Rng(options.Seed, DrawStreams + (ulong)chain);
    }

    private int Total => _options.Warmup + _options.Iterations;

    /// <summary>Runs the chain to its end.</summary>
    /// <exception cref="SamplingException">It cannot go on; the message names the chain and the iteration.</exception>
    public void Run(CancellationToken cancellation)
    {
        try
        {
            TimeProvider clock = _options.Clock;
            if (_checkpoint?.TryLoad(Load) != true) _transition.Initialise(_rng);
            long written = clock.GetTimestamp();
            for (long begun = written; _iteration < Total; begun = clock.GetTimestamp())
            {
                cancellation.ThrowIfCancellationRequested();
                bool warmup = _iteration < _options.Warmup;
                Next(warmup);
                double seconds = clock.GetElapsedTime(begun).TotalSeconds;
                if (warmup) _warmupSeconds += seconds;
                else _samplingSeconds += seconds;
                _options.Progress?.Report(new SamplingProgress(_chain, _iteration, Total, _iteration < _options.Warmup));
                if (_checkpoint is null || _iteration < Total && clock.GetElapsedTime(written) < _options.CheckpointInterval) continue;
                _checkpoint.Write(Save, _draws.AsSpan(0, _kept * _columns));
                written = clock.GetTimestamp();
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            string where = _iteration == 0 ? "before its first iteration" : $"after iteration {_iteration}";
            throw new SamplingException($"Chain {_chain + 1} stopped {where}: {fault.Message}", fault);
        }
    }

    /// <summary>Puts the chains together.</summary>
    public static SamplingResult Collect(VariableLayout layout, ChainRun[] runs, NutsOptions options)
    {
        int warmup = options.SaveWarmup ? Kept(options.Warmup, options) : 0, kept = Kept(options.Iterations, options);
        return new SamplingResult
        {
            Draws = Columns(layout, runs, warmup, kept),
            Statistics = Statistics(runs, warmup, kept),
            Warmup = options.SaveWarmup ? Columns(layout, runs, 0, warmup) : null,
            WarmupStatistics = options.SaveWarmup ? Statistics(runs, 0, warmup) : null,
            LeapfrogSteps = runs.Sum(run => run._leapfrogs),
            WarmupSeconds = runs.Sum(run => run._warmupSeconds),
            SamplingSeconds = runs.Sum(run => run._samplingSeconds),
        };
    }

    private void Next(bool warmup)
    {
        TransitionStatistics statistics = _transition.Step(_iteration, _rng);
        _leapfrogs += statistics.LeapfrogSteps;
        int within = warmup ? _iteration : _iteration - _options.Warmup;
        if ((!warmup || _options.SaveWarmup) && within % _options.Thin == 0)
        {
            _transition.WriteDraw(_drawRng, _draws.AsSpan(_kept * _columns, _columns));
            _statistics[_kept++] = statistics;
        }
        _iteration++;
    }

    private void Save(BinaryWriter writer)
    {
        writer.Write(_iteration);
        writer.Write(_kept);
        writer.Write(_leapfrogs);
        writer.Write(_warmupSeconds);
        writer.Write(_samplingSeconds);
        writer.Write(_rng.State.Position);
        writer.Write(_drawRng.State.Position);
        foreach (TransitionStatistics s in _statistics.AsSpan(0, _kept))
        {
            writer.Write(s.LogDensity);
            writer.Write(s.Acceptance);
            writer.Write(s.StepSize);
            writer.Write(s.TreeDepth);
            writer.Write(s.LeapfrogSteps);
            writer.Write(s.Divergent);
            writer.Write(s.Energy);
        }
        _transition.Save(writer);
    }

    private void Load(BinaryReader reader, Action<int, double[]> readDraws)
    {
        (_iteration, _kept, _leapfrogs, _warmupSeconds, _samplingSeconds) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble());
        _rng = new Rng(new RngState(_options.Seed, (ulong)_chain, reader.ReadUInt64()));
        _drawRng = new Rng(new RngState(_options.Seed, DrawStreams + (ulong)_chain, reader.ReadUInt64()));
        for (int i = 0; i < _kept; i++)
        {
            _statistics[i] = new TransitionStatistics(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadBoolean(), reader.ReadDouble());
        }
        _transition.Load(reader);
        readDraws(_kept * _columns, _draws);
    }

    private static int Kept(int iterations, NutsOptions options) => (iterations + options.Thin - 1) / options.Thin;

    private static Draws Columns(VariableLayout layout, ChainRun[] runs, int first, int count)
    {
        var values = new double[checked(layout.Count * runs.Length * count)];
        for (int column = 0; column < layout.Count; column++)
        {
            for (int chain = 0; chain < runs.Length; chain++)
            {
                int to = (column * runs.Length + chain) * count;
                for (int i = 0; i < count; i++) values[to + i] = runs[chain]._draws[(first + i) * layout.Count + column];
            }
        }
        return new Draws(layout, runs.Length, count, values);
    }

    private static SamplerStatistics Statistics(ChainRun[] runs, int first, int count)
    {
        TransitionStatistics[] all = [.. runs.SelectMany(run => run._statistics.Skip(first).Take(count))];
        return new SamplerStatistics(runs.Length, count, [.. all.Select(s => s.LogDensity)], [.. all.Select(s => s.Acceptance)], [.. all.Select(s => s.StepSize)], [.. all.Select(s => s.TreeDepth)],
            [.. all.Select(s => s.LeapfrogSteps)], [.. all.Select(s => s.Divergent)], [.. all.Select(s => s.Energy)]);
    }
}
