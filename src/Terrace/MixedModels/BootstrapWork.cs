using System.Collections.Concurrent;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>The replicates of one bootstrap while they are being made: what is missing is spread over threads, each replicate in its own place with its own stream of random numbers.</summary>
/// <remarks>Efron and Tibshirani (1993), section 6.5. Check: ParametricBootstrapTests.</remarks>
internal sealed class BootstrapWork
{
    private const string NotConverged = "The optimiser did not converge.";
    private readonly IBootstrapModel _model;
    private readonly BootstrapOptions _options;
    private readonly double[] _values;
    private readonly bool[] _finished;
    private readonly bool[] _singular;
    private readonly ConcurrentDictionary<int, string> _failures = [];
    private int _done;

    private BootstrapWork(IBootstrapModel model, BootstrapOptions options)
    {
        (_model, _options) = (model, options);
        _values = new double[checked(options.Replicates * model.Names.Count)];
        _finished = new bool[options.Replicates];
        _singular = new bool[options.Replicates];
    }

    private int Width => _model.Names.Count;

    /// <summary>The bootstrap of <paramref name="model"/>, from the checkpoint where there is one.</summary>
    /// <exception cref="ModelException">Fewer than two replicates could be fitted, or the checkpoint file is damaged or of another bootstrap.</exception>
    public static BootstrapResult Run(IBootstrapModel model, BootstrapOptions options, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Replicates, 2, nameof(options));
        var work = new BootstrapWork(model, options);
        using BootstrapCheckpoint? checkpoint = options.CheckpointFile is null ? null : BootstrapCheckpoint.Open(options.CheckpointFile, options, model, work.Restore);
        work.Run(checkpoint, cancellation);
        return work.Result();
    }

    private void Restore(int replicate, bool singular, ReadOnlySpan<double> values, string failure)
    {
        if (replicate >= _finished.Length || _finished[replicate]) return;
        Store(replicate, singular, values, failure);
    }

    /// <summary>Makes what is missing.</summary>
    private void Run(BootstrapCheckpoint? checkpoint, CancellationToken cancellation)
    {
        int[] missing = [.. Enumerable.Range(0, _options.Replicates).Where(r => !_finished[r])];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, _options.Threads), CancellationToken = cancellation };
        Parallel.For(0, missing.Length, parallel, () => (Space: _model.CreateSpace(), Values: new double[Width]), (k, _, space) =>
        {
            int replicate = missing[k];
            bool singular = Replicate(replicate, space.Space, space.Values, cancellation, out string failure);
            Store(replicate, singular, space.Values, failure);
            checkpoint?.Append(replicate, singular, space.Values, failure);
            _options.Progress?.Report(new ReplicateProgress(Volatile.Read(ref _done), _options.Replicates, _failures.Count));
            return space;
        }, _ => { });
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The result, once all are made.</summary>
    private BootstrapResult Result()
    {
        FailedReplicate[] failed = [.. _failures.OrderBy(f => f.Key).Select(f => new FailedReplicate(f.Key, f.Value))];
        if (_options.Replicates - failed.Length < 2)
            throw new ModelException($"{failed.Length} of {_options.Replicates} bootstrap replicates could not be fitted, so there are no intervals. The first failure: {failed[0].Message} Simplify the model, or choose other intervals.");
        return new BootstrapResult(_model.Names, _model.Estimates(), _values, failed, _singular.Count(s => s), _options);
    }

    private bool Replicate(int replicate, IBootstrapSpace space, double[] values, CancellationToken cancellation, out string failure)
    {
        failure = NotConverged;
        try
        {
            ReplicateOutcome outcome = space.Replicate(new Rng(_options.Seed, Simulate.FirstStream + (ulong)replicate), values, cancellation);
            if (outcome.Converged)
            {
                failure = "";
                return outcome.Singular;
            }
        }
        catch (ModelException fault)
        {
            // A simulated response that the model cannot be fitted to, such as one with only successes, is a failed replicate.
            failure = fault.Message;
        }
        values.AsSpan().Fill(double.NaN);
        return false;
    }

    private void Store(int replicate, bool singular, ReadOnlySpan<double> values, string failure)
    {
        values.CopyTo(_values.AsSpan(replicate * Width));
        _singular[replicate] = singular;
        _finished[replicate] = true;
        if (failure.Length > 0) _failures[replicate] = failure;
        Interlocked.Increment(ref _done);
    }
}
