using Terrace.Inference.Diagnostics;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Approximations;

/// <summary>How Pathfinder runs; the defaults are CmdStan's.</summary>
public sealed record PathfinderOptions
{
    /// <summary>The number of paths, each from a start of its own.</summary>
    public int Paths { get; init; } = 4;

    /// <summary>The number of draws.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>The number of draws of each path that the draws are resampled from.</summary>
    public int PathDraws { get; init; } = 1000;

    /// <summary>The number of draws by which the approximation at each point of a path is judged.</summary>
    public int ElboDraws { get; init; } = 25;

    /// <summary>Whether draws are resampled by Pareto smoothed importance ratios; otherwise they are taken from the paths as they are.</summary>
    public bool Resample { get; init; } = true;

    /// <summary>The search; its history is 6 here.</summary>
    public LbfgsOptions Search { get; init; } = new() { History = 6, Iterations = 1000, IncludeJacobian = true };

    /// <summary>Starts lie between −range and range on the unconstrained scale.</summary>
    public double InitialRange { get; init; } = 2;

    /// <summary>Given starts, one for each path or one for all; null for random ones.</summary>
    public IReadOnlyList<double[]>? InitialPositions { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The number of threads, 0 for all; the result does not depend on it.</summary>
    public int Threads { get; init; }
}

/// <summary>
/// Pathfinder: normal approximations along the paths of quasi-Newton searches for a mode, of each path the one with the largest evidence lower bound, their draws resampled together by importance ratios.
/// <code>ELBO = mean of log p(φ_k) − log q(φ_k);   multi-path: draws of all paths, weights p/q_path Pareto smoothed, resampled with replacement</code>
/// Zhang, Carpenter, Gelman and Vehtari (2022), Pathfinder: Parallel quasi-Newton variational inference, algorithms 1 and 5. Checked in <c>PathfinderTests</c>.
/// </summary>
public static class Pathfinder
{
    /// <summary>Approximates a posterior.</summary>
    /// <exception cref="SamplingException">No path reached an approximation.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static ApproximateDraws Run(ILogDensityModel model, PathfinderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new PathfinderOptions();
        if (options.Paths < 1 || options.Draws < 1 || options.PathDraws < 1 || options.ElboDraws < 1) throw new ArgumentException("Pathfinder needs at least one path and one draw.", nameof(options));
        if (options.InitialPositions is { Count: > 0 } given && given.Count != 1 && given.Count != options.Paths) throw new ArgumentException($"There are {given.Count} starts for {options.Paths} paths.", nameof(options));
        var paths = new Path?[options.Paths];
        var faults = new string?[options.Paths];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, paths.Length, parallel, p =>
        {
            try
            {
                paths[p] = Follow(model.CreateEvaluator(), options, p, cancellation);
                if (paths[p] is null) faults[p] = "no point of the path has a usable approximation";
            }
            catch (SamplingException fault)
            {
                faults[p] = fault.Message;
            }
        });
        Path[] found = [.. paths.OfType<Path>()];
        if (found.Length == 0) throw new SamplingException($"Pathfinder failed on every path: {faults.OfType<string>().First()} Give stronger priors or a smaller range of initial values, or sample in full.");
        return Together(model, found, options);
    }

    private sealed record Path(double[][] Positions, double[] LogDensity, double[] LogApproximation, long Evaluations);

    /// <summary>One path: the search, the best of its approximations, draws from that.</summary>
    private static Path? Follow(ILogDensity density, PathfinderOptions options, int path, CancellationToken cancellation)
    {
        double[]? given = options.InitialPositions is { Count: > 0 } starts ? starts[starts.Count == 1 ? 0 : path] : null;
        double[] start = StartingPosition.Of(density, given, options.InitialRange, options.Seed, ApproximationStreams.Start + (ulong)path);
        var points = new List<LbfgsPoint>();
        Mode mode = ModeSearch.Climb(density, start, options.Search, new LbfgsHistory(density.Dimension, options.Search.History), points.Add, cancellation);
        var pairs = new List<(double[] Step, double[] Change)>();
        double[] alpha = new double[density.Dimension];
        Array.Fill(alpha, 1);
        QuasiNewtonNormal? best = null;
        double highest = double.NegativeInfinity;
        long evaluations = mode.Evaluations;
        for (int l = 1; l < points.Count; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] step = new double[alpha.Length], change = new double[alpha.Length];
            for (int i = 0; i < step.Length; i++) (step[i], change[i]) = (points[l].Position[i] - points[l - 1].Position[i], points[l - 1].Gradient[i] - points[l].Gradient[i]);
            if (ContiguousLoops.Dot(step, change) > 1e-12 * ContiguousLoops.Dot(change, change))
            {
                alpha = QuasiNewtonNormal.NextDiagonal(alpha, step, change);
                pairs.Add((step, change));
                if (pairs.Count > options.Search.History) pairs.RemoveAt(0);
            }
            if (QuasiNewtonNormal.At(points[l], alpha, pairs) is not { } normal) continue;
            double elbo = Elbo(density, normal, options.ElboDraws, new Rng(options.Seed, ApproximationStreams.Gradient + ((ulong)path << 32) + (ulong)l));
            evaluations += options.ElboDraws;
            if (elbo > highest) (best, highest) = (normal, elbo);
        }
        return best is null ? null : DrawsOf(density, best, options, path, evaluations);
    }

    private static double Elbo(ILogDensity density, QuasiNewtonNormal normal, int draws, Rng rng)
    {
        double[] position = new double[density.Dimension], gradient = new double[density.Dimension];
        double sum = 0;
        for (int k = 0; k < draws; k++)
        {
            double approximation = normal.Draw(rng, position);
            DensityValue value = density.Evaluate(position, gradient);
            if (!value.IsAccepted || !double.IsFinite(value.Value)) return double.NegativeInfinity;
            sum += value.Value - approximation;
        }
        return sum / draws;
    }

    private static Path DrawsOf(ILogDensity density, QuasiNewtonNormal normal, PathfinderOptions options, int path, long evaluations)
    {
        var rng = new Rng(options.Seed, ApproximationStreams.Draw + (ulong)path);
        int count = options.Resample ? options.PathDraws : (options.Draws + options.Paths - 1) / options.Paths;
        var positions = new double[count][];
        double[] own = new double[count], approximation = new double[count], gradient = new double[density.Dimension];
        for (int s = 0; s < count; s++)
        {
            positions[s] = new double[density.Dimension];
            approximation[s] = normal.Draw(rng, positions[s]);
            DensityValue value = density.Evaluate(positions[s], gradient);
            own[s] = value.IsAccepted ? value.Value : double.NegativeInfinity;
        }
        return new Path(positions, own, approximation, evaluations + count);
    }

    private static ApproximateDraws Together(ILogDensityModel model, Path[] paths, PathfinderOptions options)
    {
        double[][] positions = [.. paths.SelectMany(path => path.Positions)];
        double[] density = [.. paths.SelectMany(path => path.LogDensity)], approximation = [.. paths.SelectMany(path => path.LogApproximation)];
        ImportanceCheck check = ApproximateDraws.Check(density, approximation);
        int[] chosen = options.Resample ? Chosen(density, approximation, options) : [.. Enumerable.Range(0, Math.Min(options.Draws, positions.Length))];
        Posterior.Draws draws = ApproximateDraws.Of(model, model.CreateEvaluator(), [.. chosen.Select(s => positions[s])], options.Seed);
        return new ApproximateDraws(draws, [.. chosen.Select(s => density[s])], [.. chosen.Select(s => approximation[s])], check, paths.Sum(path => path.Evaluations));
    }

    /// <summary>Draws by smoothed weights, systematically: those whose cumulative weight passes evenly spaced points, so that repeated draws are neighbours and effective sample sizes see them (Kitagawa 1996).</summary>
    private static int[] Chosen(double[] density, double[] approximation, PathfinderOptions options)
    {
        double[] weights = [.. density.Zip(approximation, (p, q) => double.IsNaN(p - q) ? double.NegativeInfinity : p - q)];
        ParetoSmoothing.Smooth(weights);
        var rng = new Rng(options.Seed, ApproximationStreams.Resample);
        double total = 0, cumulative = 0, offset = rng.NextDouble();
        foreach (double weight in weights) total += Math.Exp(weight);
        var chosen = new int[options.Draws];
        for (int i = 0, source = -1; i < chosen.Length; i++)
        {
            while (source < weights.Length - 1 && cumulative <= (i + offset) * total / chosen.Length) cumulative += Math.Exp(weights[++source]);
            chosen[i] = Math.Max(source, 0);
        }
        return chosen;
    }
}
