using Terrace.Numerics.RandomNumbers;

namespace Terrace.MixedModels;

/// <summary>
/// Draws the variance parameters of a fitted mixed model from their marginal posterior, the boundary at zero included, and with them the coefficients: the joint uncertainty that
/// simulation from a maximum-likelihood fit needs.
/// </summary>
/// <remarks>
/// <para>Importance resampling of <see cref="VariancePosterior"/>: a stratified (Latin hypercube) sample from <see cref="VarianceProposal"/>, weights p/q, then systematic resampling. A pilot
/// sample on the quadratic approximation adapts the proposal twice; if the effective sample size of the main sample is below a quarter of the draws, four and then sixteen times as many are
/// proposed. Rubin (1988), sampling/importance resampling; effective sample size (Σw)²/Σw² of Kong (1992); McKay, Beckman and Conover (1979) for the strata.</para>
/// <para>Then σ² = r²/χ² and (β, b) | θ, σ as in <see cref="ConditionalDistribution"/>. The same seed gives the same draws on any number of threads: every proposal has its place, every draw
/// its stream. Check: VarianceParameterSamplerTests (grid integration, simulation).</para>
/// </remarks>
public static class VarianceParameterSampler
{
    private const int PilotSize = 300;
    private const int ExactPoints = 160;
    private const double ResidualLimit = 0.2;

    /// <summary>Makes independent draws of (θ, σ, β, b).</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="draws">How many.</param>
    /// <param name="rng">Where the seed is taken from.</param>
    /// <param name="threads">How many threads may be used.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ModelException">There are too few rows for the number of parameters.</exception>
    public static MixedModelDraws Sample(MixedModelFit fit, int draws, Rng rng, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (fit.Joint.SigmaIsEstimated && VariancePosterior.ScaleDegrees(fit.Joint) < 1)
            throw new ModelException($"There are too few rows ({fit.Rows}) to draw {fit.Parameters} parameters; simplify the model.");
        ulong seed = rng.NextUInt64();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation };
        double[] bounds = VariancePosterior.Bounds(fit.Joint);
        var sample = Propose(fit, draws, bounds, new Rng(seed, 0), parallel);
        int[] chosen = Resample(sample.Weights, draws, new Rng(seed, 1).NextDouble());
        var result = new MixedModelDraws(fit, draws, sample.EffectiveSize, sample.Points.Length, SmallGroups(fit));
        var spaces = new WorkspacePool<ConditionalDistribution>(() => new ConditionalDistribution(fit.Joint));
        Parallel.For(0, draws, parallel, spaces.Take, (i, _, space) => Draw(fit, sample.Points[chosen[i]], new Rng(seed, (ulong)i + 2), space, result, i), spaces.Return);
        return result;
    }

    private static (double[][] Points, double[] Weights, double EffectiveSize) Propose(MixedModelFit fit, int draws, double[] bounds, Rng rng, ParallelOptions parallel)
    {
        VariancePosterior Create() => new(fit.Joint, fit.Marginal?.Invoke(), bounds);
        var spaces = new WorkspacePool<VariancePosterior>(Create);
        var first = spaces.Take();
        var proposal = VarianceProposal.Around(fit.Theta, fit.Joint.Layout, theta => first.LogDensity(theta));
        spaces.Return(first);
        for (int pilot = 0; pilot < 2; pilot++)
        {
            double[][] points = Stratified(proposal, PilotSize, rng);
            double[] weights = Weigh(points, proposal, spaces, parallel);
            if (EffectiveSize(weights) > 10) proposal = proposal.Adapted(points, weights);
        }
        for (int count = draws + draws / 2; ; count *= 4)
        {
            double[][] points = Stratified(proposal, count, rng);
            double[] weights = Correct(points, Weigh(points, proposal, spaces, parallel), spaces, rng, parallel);
            double size = EffectiveSize(weights);
            if (size >= 0.25 * draws || count > 16 * draws) return (points, weights, size);
        }
    }

    /// <summary>Normalised weights p/q of the quadratic approximation.</summary>
    private static double[] Weigh(double[][] points, VarianceProposal proposal, WorkspacePool<VariancePosterior> spaces, ParallelOptions parallel)
    {
        double[] logs = Evaluate(points, spaces, (space, theta) => space.LogDensity(theta), parallel);
        for (int i = 0; i < logs.Length; i++) logs[i] -= proposal.LogDensity(points[i]);
        return Normalise(logs);
    }

    /// <summary>Weights of the exact marginal: the difference from the approximation is computed at a few points and fitted, or computed at all where that does not do.</summary>
    private static double[] Correct(double[][] points, double[] weights, WorkspacePool<VariancePosterior> spaces, Rng rng, ParallelOptions parallel)
    {
        var any = spaces.Take();
        bool exact = any.HasExact;
        var layout = any.Layout;
        spaces.Return(any);
        if (!exact) return weights;
        double[][] probes = [.. Resample(weights, ExactPoints, rng.NextDouble()).Distinct().Select(i => points[i])];
        double[] differences = Evaluate(probes, spaces, (space, theta) => space.Difference(theta), parallel);
        int[] defined = [.. Enumerable.Range(0, probes.Length).Where(i => double.IsFinite(differences[i]))];
        if (defined.Length == 0) return weights;
        var correction = MarginalCorrection.Fit(layout, [.. defined.Select(i => probes[i])], [.. defined.Select(i => differences[i])]);
        double[] all = correction.ResidualSd <= ResidualLimit ? [.. points.Select(correction.At)] : Evaluate(points, spaces, (space, theta) => space.Difference(theta), parallel);
        return Normalise([.. weights.Select((w, i) => w == 0 || double.IsNaN(all[i]) ? double.NegativeInfinity : Math.Log(w) + all[i])]);
    }

    private static double[] Evaluate(double[][] points, WorkspacePool<VariancePosterior> spaces, Func<VariancePosterior, double[], double> function, ParallelOptions parallel)
    {
        var values = new double[points.Length];
        Parallel.For(0, points.Length, parallel, spaces.Take, (i, _, space) =>
        {
            values[i] = function(space, points[i]);
            return space;
        }, spaces.Return);
        return values;
    }

    private static double[] Normalise(double[] logs)
    {
        double largest = logs.Max(), sum = 0;
        if (double.IsNegativeInfinity(largest)) throw new ModelException("The posterior of the variance parameters cannot be evaluated near the estimates; simplify the random effects.");
        for (int i = 0; i < logs.Length; i++) sum += logs[i] = Math.Exp(logs[i] - largest);
        for (int i = 0; i < logs.Length; i++) logs[i] /= sum;
        return logs;
    }

    /// <summary>A Latin hypercube: every coordinate has one point in each of as many strata as there are points.</summary>
    private static double[][] Stratified(VarianceProposal proposal, int count, Rng rng)
    {
        var points = new double[count][];
        for (int i = 0; i < count; i++) points[i] = new double[proposal.Count];
        var strata = new int[count];
        for (int k = 0; k < proposal.Count; k++)
        {
            for (int i = 0; i < count; i++)
            {
                int j = rng.NextInt(i + 1);
                strata[i] = strata[j];
                strata[j] = i;
            }
            for (int i = 0; i < count; i++) points[i][k] = proposal.Quantile(k, (strata[i] + rng.NextDouble()) / count);
        }
        return points;
    }

    private static double EffectiveSize(double[] weights) => 1 / weights.Sum(w => w * w);

    private static int[] Resample(double[] weights, int draws, double offset)
    {
        var chosen = new int[draws];
        double cumulative = weights[0];
        int index = 0;
        for (int i = 0; i < draws; i++)
        {
            double target = (i + offset) / draws;
            while (cumulative < target && index < weights.Length - 1) cumulative += weights[++index];
            chosen[i] = index;
        }
        return chosen;
    }

    private static ConditionalDistribution Draw(MixedModelFit fit, double[] theta, Rng rng, ConditionalDistribution space, MixedModelDraws result, int i)
    {
        double sigma = fit.Sigma;
        space.Move(theta, sigma);
        if (fit.Joint.SigmaIsEstimated)
        {
            sigma = Math.Sqrt(space.PenalisedSumOfSquares / (2 * rng.NextGamma(VariancePosterior.ScaleDegrees(fit.Joint) / 2)));
            space.Rescale(sigma);
        }
        space.Draw(rng);
        result.Store(i, theta, sigma, space.FixedEffects, space.RandomEffects);
        return space;
    }

    private static List<ModelWarning> SmallGroups(MixedModelFit fit) =>
        [.. from term in fit.Terms
            where term.Levels.Count <= 3
            select new ModelWarning("group-not-estimable", $"{term.Group} has {term.Levels.Count} levels, which say little about how much groups vary: its standard deviation is uncertain, and is held below a large bound. A fixed effect may serve better.")];
}
