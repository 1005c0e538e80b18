using System.Runtime.ExceptionServices;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;

namespace Terrace.Inference.Sampling;

/// <summary>
/// Runs chains: the one entry to Markov chain Monte Carlo. Every chain has a stream of random numbers of its own, so that the result depends on the seed alone, bit for bit, whatever the number of threads, and
/// whether the run was interrupted and resumed or not.
/// </summary>
/// <remarks>The no-U-turn sampler is <see cref="Trajectory"/>; other transitions come in through <see cref="IMarkovTransition"/>. Check: NutsTests, CheckpointTests.</remarks>
public static class Sampler
{
    /// <summary>Draws from the posterior of <paramref name="model"/> by the no-U-turn sampler.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="SamplingException">There are no initial values, the posterior is improper, the density threw, or a checkpoint is damaged or of another run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; what was written to the checkpoint stays.</exception>
    public static SamplingResult Run(ILogDensityModel model, NutsOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new NutsOptions();
        options.Check();
        if (options.InitialPositions is { Count: > 0 } given && (given.Count != 1 && given.Count != options.Chains || given.Any(position => position.Length != model.Dimension)))
            throw new ArgumentException($"Initial values need {model.Dimension} coordinates, for one chain or for each of {options.Chains}.", nameof(options));
        var transitions = new NutsTransition[options.Chains];
        string name = options.CheckpointDirectory is null ? model.Name : $"{model.Name}\n{ModelIdentity.Of(model)}";
        SamplingResult result = Run(name, model.Layout, chain => transitions[chain] = new NutsTransition(model, options, chain), options, cancellation);
        return result with { StepSizes = [.. transitions.Select(t => t.StepSize)], InverseMetrics = [.. transitions.Select(t => (IReadOnlyList<double>)[.. t.InverseMetric])] };
    }

    /// <summary>Draws by any transition, one made for each chain; of <paramref name="options"/> the target acceptance, tree depth, metric and initial values are the transition's own affair.</summary>
    /// <param name="name">The model's name, which a checkpoint remembers.</param>
    /// <param name="layout">The variables of a draw.</param>
    /// <param name="create">Makes the transition of a chain.</param>
    /// <param name="options">How many chains and iterations.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="SamplingException">A chain cannot go on, or a checkpoint is damaged or of another run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SamplingResult Run(string name, VariableLayout layout, Func<int, IMarkovTransition> create, NutsOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        using var store = CheckpointStore.Open(name, layout, options);
        var runs = new ChainRun[options.Chains];
        var faults = new Exception?[options.Chains];
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Parallel.For(0, options.Chains, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(threads, options.Chains) }, chain =>
        {
            try
            {
                runs[chain] = new ChainRun(chain, layout, create(chain), options, store?.Of(chain));
                runs[chain].Run(stop.Token);
            }
            catch (Exception fault)
            {
                faults[chain] = fault;
                stop.Cancel();
            }
        });
        cancellation.ThrowIfCancellationRequested();
        // A chain that was stopped because another failed is not the one at fault.
        if (faults.FirstOrDefault(fault => fault is not null and not OperationCanceledException) is { } first) ExceptionDispatchInfo.Throw(first);
        return ChainRun.Collect(layout, runs, options);
    }
}
