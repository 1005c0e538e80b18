using Terrace.Inference.Approximations;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;

namespace Terrace.Bayes;

/// <summary>
/// Fits by approximations of the posterior by normal distributions on the unconstrained scale, whitened where that is possible, as rstanarm's and brms's <c>algorithm</c> has them: Pathfinder, and variational inference with independent coordinates (<c>meanfield</c>) or any covariance (<c>fullrank</c>).
/// See <see cref="Pathfinder"/> and <see cref="VariationalInference"/>. Checked in <c>PosteriorApproximationTests</c> against full sampling.
/// </summary>
internal static class PosteriorApproximation
{
    private const double SmallestEfficiency = 0.3;

    /// <summary>The engines.</summary>
    public static IReadOnlyList<string> Engines { get; } = ["pathfinder", "meanfield", "fullrank"];

    /// <summary>As many draws as the sampler would keep, and how good they are.</summary>
    /// <exception cref="SamplingException">The approximation failed.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static (SamplingResult Result, Approximation Check, string Sampler, ModelWarning? Warning) Run(BayesianModel model, string engine, NutsOptions options, CancellationToken cancellation)
    {
        ILogDensityModel own = Coordinates(model, ref options, out string where, cancellation);
        int draws = options.Chains * options.Iterations / options.Thin;
        (ApproximateDraws approximate, string sampler) = engine == "pathfinder" ? OfPaths(own, draws, options, cancellation) : Variational(own, engine, draws, options, cancellation);
        double efficiency = approximate.Efficiency;
        // The draws of Pathfinder are resampled; those of variational inference are not, and a small efficiency says that they are off.
        bool near = approximate.IsTrusted && (engine == "pathfinder" || efficiency > SmallestEfficiency);
        var check = new Approximation(approximate.ParetoK, efficiency, near);
        string verdict = approximate.IsTrusted
            ? FormattableString.Invariant($"Do not trust the approximation: its importance ratios are so uneven that {100 * efficiency:0} % of the draws carry all the weight (at least {100 * SmallestEfficiency:0} % are wanted). Sample the posterior in full.")
            : approximate.Verdict;
        ModelWarning? warning = near ? null : new ModelWarning("high-pareto-k", verdict);
        return (ResultOf(approximate), check, sampler + where, warning);
    }

    /// <summary>Whitened coordinates where the model has them, in which the posterior is nearly normal: the joint mode in others is far from most of the posterior where there are group-level terms.</summary>
    private static ILogDensityModel Coordinates(BayesianModel model, ref NutsOptions options, out string where, CancellationToken cancellation)
    {
        where = "";
        if (SamplerChoice.Obstacle(model) is not null || LaplaceMarginal.Find(model, cancellation) is not { } whitening) return model;
        where = ", in whitened coordinates";
        options = options with { InitialRange = Math.Min(options.InitialRange, 0.5) };
        return new WhitenedModel(model, whitening);
    }

    private static (ApproximateDraws, string) OfPaths(ILogDensityModel model, int draws, NutsOptions options, CancellationToken cancellation)
    {
        var own = new PathfinderOptions { Paths = Math.Max(options.Chains, 1), Draws = draws, InitialRange = options.InitialRange, Seed = options.Seed, Threads = options.Threads };
        return (Pathfinder.Run(model, own, cancellation), $"Pathfinder: normal approximations along {own.Paths} searches for a mode, resampled by importance ratios");
    }

    private static (ApproximateDraws, string) Variational(ILogDensityModel model, string engine, int draws, NutsOptions options, CancellationToken cancellation)
    {
        VariationalFamily family = engine == "fullrank" ? VariationalFamily.FullRank : VariationalFamily.MeanField;
        VariationalResult result = VariationalInference.Run(model, new VariationalOptions { Family = family, Draws = draws, InitialRange = options.InitialRange, Seed = options.Seed }, cancellation);
        string kind = family == VariationalFamily.FullRank ? "a normal distribution with any covariance" : "independent normal distributions";
        return (result.Approximation, $"variational inference: {kind}{(result.Converged ? "" : "; the lower bound had not settled at the last iteration")}");
    }

    private static SamplingResult ResultOf(ApproximateDraws approximate)
    {
        int count = approximate.Draws.Count;
        double[] Unknown() => [.. Enumerable.Repeat(double.NaN, count)];
        var statistics = new SamplerStatistics(1, count, [.. approximate.LogDensity], Unknown(), Unknown(), new int[count], new int[count], new bool[count], Unknown());
        return new SamplingResult { Draws = approximate.Draws, Statistics = statistics, LeapfrogSteps = approximate.Evaluations };
    }
}
