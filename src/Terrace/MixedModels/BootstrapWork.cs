using System.Collections.Concurrent;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>The replicates of one bootstrap while they are being made: what is missing is spread over threads, each replicate in its own place with its own stream of random numbers.</summary>
/// <remarks>Efron and Tibshirani (1993), section 6.5. Check: ParametricBootstrapTests.</remarks>
internal sealed class BootstrapWork
{
    private const string NotConverged = "The optimiser did not converge.";
    private readonly RefitModel _model;
    private readonly BootstrapOptions _options;
    private readonly BootstrapStatistic _statistic;
    private readonly double[] _values;
    private readonly bool[] _finished;
    private readonly bool[] _singular;
    private readonly ConcurrentDictionary<int, string> _failures = [];
    private int _done;

    public BootstrapWork(RefitModel model, BootstrapOptions options, BootstrapStatistic statistic)
    {
        (_model, _options, _statistic) = (model, options, statistic);
        _values = new double[checked(options.Replicates * statistic.Names.Count)];
        _finished = new bool[options.Replicates];
        _singular = new bool[options.Replicates];
    }

    private int Width => _statistic.Names.Count;

    /// <summary>Takes a replicate that an earlier run has finished; <paramref name="failure"/> is empty where it succeeded.</summary>
    public void Restore(int replicate, bool singular, ReadOnlySpan<double> values, string failure)
    {
        if (replicate >= _finished.Length || _finished[replicate]) return;
        Store(replicate, singular, values, failure);
    }

    /// <summary>Makes what is missing.</summary>
    public void Run(BootstrapCheckpoint? checkpoint, CancellationToken cancellation)
    {
        int[] missing = [.. Enumerable.Range(0, _options.Replicates).Where(r => !_finished[r])];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, _options.Threads), CancellationToken = cancellation };
        Parallel.For(0, missing.Length, parallel, () => new Space(_model, _options.KeepGroupEffects, Width), (k, _, space) =>
        {
            int replicate = missing[k];
            bool singular = Replicate(replicate, space, cancellation, out string failure);
            Store(replicate, singular, space.Values, failure);
            checkpoint?.Append(replicate, singular, space.Values, failure);
            _options.Progress?.Report(new ReplicateProgress(Volatile.Read(ref _done), _options.Replicates, _failures.Count));
            return space;
        }, _ => { });
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The result, once all are made.</summary>
    /// <exception cref="ModelException">Fewer than two replicates could be fitted.</exception>
    public BootstrapResult Result()
    {
        FailedReplicate[] failed = [.. _failures.OrderBy(f => f.Key).Select(f => new FailedReplicate(f.Key, f.Value))];
        if (_options.Replicates - failed.Length < 2)
            throw new ModelException($"{failed.Length} of {_options.Replicates} bootstrap replicates could not be fitted, so there are no intervals. The first failure: {failed[0].Message} Simplify the model, or choose other intervals.");
        var original = new double[Width];
        _statistic.Compute(Original(), original);
        return new BootstrapResult(_statistic.Names, original, _values, failed, _singular.Count(s => s), _options);
    }

    private RefittedModel Original()
    {
        MixedModelFit fit = _model.Fit;
        var b = new double[_model.Cells.Coefficients];
        foreach (RandomTermFit term in fit.Terms)
        {
            for (int level = 0; level < term.Levels.Count; level++)
            {
                for (int j = 0; j < term.Layout.Width; j++) b[term.Layout.Index(level, j)] = term.Modes[level, j];
            }
        }
        return new RefittedModel(_model.Parameters, _model.Cells.Layout, fit.Theta, fit.Sigma, fit.Beta, b) { Criterion = fit.Deviance, Evaluations = fit.Evaluations, Converged = fit.Converged, Singular = fit.Singular };
    }

    private bool Replicate(int replicate, Space space, CancellationToken cancellation, out string failure)
    {
        space.Values.AsSpan().Fill(double.NaN);
        failure = NotConverged;
        try
        {
            space.Draws.DrawInto(space.Refit.Observations, new Rng(_options.Seed, Simulate.FirstStream + (ulong)replicate));
            RefittedModel refitted = space.Refit.Fit(cancellation);
            if (!refitted.Converged) return false;
            _statistic.Compute(refitted, space.Values);
            failure = "";
            return refitted.Singular;
        }
        catch (ModelException fault)
        {
            // A simulated response that the model cannot be fitted to, such as one with only successes, is a failed replicate.
            failure = fault.Message;
            return false;
        }
    }

    private void Store(int replicate, bool singular, ReadOnlySpan<double> values, string failure)
    {
        values.CopyTo(_values.AsSpan(replicate * Width));
        _singular[replicate] = singular;
        _finished[replicate] = true;
        if (failure.Length > 0) _failures[replicate] = failure;
        Interlocked.Increment(ref _done);
    }

    /// <summary>What one thread needs.</summary>
    private sealed class Space(RefitModel model, bool keepGroupEffects, int width)
    {
        public RefitWorkspace Refit { get; } = model.CreateWorkspace();

        public OutcomeDraws Draws { get; } = new(model, keepGroupEffects);

        public double[] Values { get; } = new double[width];
    }
}
