using Terrace.Inference.Diagnostics;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Bayes;

/// <summary>What the fast approximation says of itself.</summary>
/// <param name="KHat">The shape of the importance ratios' tail.</param>
/// <param name="Efficiency">The effective share of the draws, (Σw)² / (S Σw²).</param>
/// <param name="Accepted">Whether both are good enough: k̂ below 0.5 and an efficiency above 0.3.</param>
public sealed record Approximation(double KHat, double Efficiency, bool Accepted);

/// <summary>
/// The fast approximation of a posterior with its own check: θ from a surrogate of its marginal, the coefficients from their conditional Gaussian, importance ratios against the exact posterior.
/// <code>
/// s(ζ) = log p(ξ = 0, ζ),  ζ ~ e^s by Hamiltonian trajectories,  ξ ~ N(0, I),  w = p(ξ, ζ) / (N(ξ) e^s(ζ))
/// </code>
/// in the whitened coordinates of <see cref="WhitenedDensity"/>: exact for Gaussian models, nearly so for large surveys. The ratios are Pareto-smoothed (Vehtari, Simpson, Gelman, Yao and Gabry 2024), and draws are resampled by
/// them systematically within chains (Kitagawa 1996, Monte Carlo filter and smoother, appendix). Rejected where the likelihood is far from quadratic, as with sparse yes-or-no data. Checked in <c>SurrogateSamplingTests</c>.
/// </summary>
internal static class SurrogateSampling
{
    private const double LargestK = 0.5, SmallestEfficiency = 0.3, EqualRatios = 1e-6;
    private const int Warmup = 50;
    private const ulong DrawStream = 1UL << 45, ResamplingStream = 1UL << 46;

    /// <summary>Runs it; null with a reason where the model has no whitened coordinates.</summary>
    public static (SamplingResult? Result, Approximation? Check, NutsOptions Options, string Reason) Run(BayesianModel model, NutsOptions options, CancellationToken cancellation)
    {
        if (SamplerChoice.Obstacle(model) is { } obstacle) return (null, null, options, obstacle);
        if (LaplaceMarginal.Find(model, cancellation) is not { } whitening) return (null, null, options, "no mode was found to expand about");
        NutsOptions own = options with { Metric = MetricKind.Unit, Warmup = Warmup, AdaptDelta = 0.8, MeanTrajectoryLength = Math.PI / 2, InitialRange = 0.5, SaveWarmup = false, CheckpointDirectory = null, Resume = false };
        SamplingResult theta = Sampler.Run(new SurrogateModel(model, whitening), own, cancellation);
        (double[] values, double[] logRatios) = Draw(model, whitening, theta, own, cancellation);
        // Ratios that differ by rounding alone, as of a Gaussian model, have no tail to speak of: a shape fitted to rounding says nothing.
        bool equal = logRatios.Max() - logRatios.Min() < EqualRatios;
        double k = ParetoSmoothing.Smooth(logRatios);
        if (equal) k = 0;
        double squares = 0;
        foreach (double log in logRatios) squares += Math.Exp(2 * log);
        double efficiency = 1 / (logRatios.Length * squares);
        var check = new Approximation(k, efficiency, k < LargestK && efficiency > SmallestEfficiency);
        return (theta with { Draws = Resampled(model.Layout, theta.Draws, values, logRatios, own.Seed) }, check, own, "");
    }

    /// <summary>The variables of every draw, draw by draw, and the log importance ratios.</summary>
    private static (double[] Values, double[] LogRatios) Draw(BayesianModel model, Whitening whitening, SamplingResult surrogate, NutsOptions options, CancellationToken cancellation)
    {
        Draws theta = surrogate.Draws;
        SamplerStatistics statistics = surrogate.Statistics;
        int columns = model.Layout.Count, n = model.Structure.CoefficientCount, count = theta.Count;
        double[] values = new double[checked(count * columns)], logRatios = new double[count];
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => (Density: new WhitenedDensity(model, whitening), Position: new double[model.Dimension], Gradient: new double[model.Dimension], Theta: new double[theta.Layout.Count]), (s, _, space) =>
        {
            theta.CopyDraw(s, space.Theta);
            var rng = new Rng(options.Seed, DrawStream + (ulong)s);
            double squares = 0;
            for (int i = 0; i < n; i++)
            {
                space.Position[i] = rng.NextNormal();
                squares += space.Position[i] * space.Position[i];
            }
            space.Theta.CopyTo(space.Position, n);
            DensityValue value = space.Density.Evaluate(space.Position, space.Gradient);
            logRatios[s] = value.IsAccepted ? value.Value + 0.5 * squares - statistics.LogDensity[s] : double.NegativeInfinity;
            space.Density.WriteHere(values.AsSpan(s * columns, columns));
            return space;
        }, _ => { });
        return (values, logRatios);
    }

    /// <summary>Draws with equal weights: within each chain those whose cumulative weight passes evenly spaced points.</summary>
    private static Draws Resampled(VariableLayout layout, Draws theta, double[] values, double[] logRatios, ulong seed)
    {
        int columns = layout.Count, iterations = theta.Iterations, count = theta.Count;
        var resampled = new double[values.Length];
        for (int chain = 0; chain < theta.Chains; chain++)
        {
            ReadOnlySpan<double> own = logRatios.AsSpan(chain * iterations, iterations);
            double total = 0, offset = new Rng(seed, ResamplingStream + (ulong)chain).NextDouble(), cumulative = 0;
            foreach (double log in own) total += Math.Exp(log);
            for (int i = 0, source = -1; i < iterations; i++)
            {
                while (source < iterations - 1 && cumulative <= (i + offset) * total / iterations) cumulative += Math.Exp(own[++source]);
                int from = (chain * iterations + Math.Max(source, 0)) * columns, to = chain * iterations + i;
                for (int column = 0; column < columns; column++) resampled[column * count + to] = values[from + column];
            }
        }
        return new Draws(layout, theta.Chains, iterations, resampled);
    }

    /// <summary>s(ζ) as a density of its own.</summary>
    private sealed class SurrogateModel(BayesianModel model, Whitening whitening) : ILogDensityModel
    {
        public string Name => model.Name;

        public int Dimension => model.Structure.ParameterCount;

        public IReadOnlyList<string> CoordinateNames { get; } = [.. Enumerable.Range(1, model.Structure.ParameterCount).Select(i => $"whitened parameter {i}")];

        public VariableLayout Layout { get; } = new([.. Enumerable.Range(1, model.Structure.ParameterCount).Select(i => new Variable($"zeta{i}"))]);

        public bool DropsConstants => false;

        public ILogDensity CreateEvaluator() => new Evaluator(model, whitening);
    }

    private sealed class Evaluator(BayesianModel model, Whitening whitening) : ILogDensity
    {
        private readonly WhitenedDensity _density = new(model, whitening);
        private readonly double[] _position = new double[model.Dimension];
        private readonly double[] _gradient = new double[model.Dimension];
        private readonly int _first = model.Structure.CoefficientCount;

        public int Dimension => model.Structure.ParameterCount;

        public DensityValue Evaluate(ReadOnlySpan<double> position, Span<double> gradient, bool includeJacobian = true)
        {
            position.CopyTo(_position.AsSpan(_first));
            DensityValue value = _density.Evaluate(_position, _gradient, includeJacobian);
            _gradient.AsSpan(_first).CopyTo(gradient);
            return value;
        }

        public void WriteDraw(ReadOnlySpan<double> position, Rng rng, Span<double> draw) => position.CopyTo(draw);

        public void Unconstrain(ReadOnlySpan<double> values, Span<double> position) => values[..Dimension].CopyTo(position);
    }
}
