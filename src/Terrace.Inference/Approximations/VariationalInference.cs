using Terrace.Inference.LogDensities;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Approximations;

/// <summary>The normal distributions among which variational inference looks.</summary>
public enum VariationalFamily
{
    /// <summary>Independent coordinates.</summary>
    MeanField,

    /// <summary>Any covariance.</summary>
    FullRank,
}

/// <summary>How variational inference runs; the defaults are CmdStan's.</summary>
public sealed record VariationalOptions
{
    /// <summary>The family.</summary>
    public VariationalFamily Family { get; init; } = VariationalFamily.MeanField;

    /// <summary>The largest number of iterations.</summary>
    public int Iterations { get; init; } = 10_000;

    /// <summary>The draws by which a gradient is estimated.</summary>
    public int GradientDraws { get; init; } = 1;

    /// <summary>The draws by which the lower bound is estimated.</summary>
    public int ElboDraws { get; init; } = 100;

    /// <summary>The iterations between two estimates of the lower bound.</summary>
    public int EvaluateElbo { get; init; } = 100;

    /// <summary>The iterations with which each candidate of the step size is tried.</summary>
    public int AdaptIterations { get; init; } = 50;

    /// <summary>The step size; null to choose among 100, 10, 1, 0.1 and 0.01.</summary>
    public double? StepSize { get; init; }

    /// <summary>Converged when the mean or the median of the last relative changes of the lower bound is smaller.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>The number of draws.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>The start lies between −range and range on the unconstrained scale.</summary>
    public double InitialRange { get; init; } = 2;

    /// <summary>The start; null for a random position.</summary>
    public double[]? InitialPosition { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// Automatic differentiation variational inference: the normal distribution on the unconstrained scale with the largest evidence lower bound, by stochastic gradients of reparameterised draws.
/// <code>
/// x = μ + e^ω ∘ u  or  μ + Lu;   ∇_μ = E g,  ∇_ω = E g ∘ u ∘ e^ω + 1,  ∇_L = E g u' + diag(L)⁻¹
/// step  ρ_k = η k^(−1/2) / (1 + √s_k),  s_k = 0.1 g² + 0.9 s_(k−1)
/// </code>
/// Kucukelbir, Tran, Ranganath, Gelman and Blei (2017), Automatic differentiation variational inference, algorithm 1 and section 2.6; the choice of η and the rule to stop are those that the CmdStan guide documents. Checked in <c>VariationalInferenceTests</c>.
/// </summary>
public static class VariationalInference
{
    private static readonly double[] Candidates = [100, 10, 1, 0.1, 0.01];

    /// <summary>Approximates a posterior.</summary>
    /// <exception cref="SamplingException">No start was found, or every step size diverged.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static VariationalResult Run(ILogDensityModel model, VariationalOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new VariationalOptions();
        ILogDensity density = model.CreateEvaluator();
        double[] start = StartingPosition.Of(density, options.InitialPosition, options.InitialRange, options.Seed, ApproximationStreams.Start);
        var search = new Search(density, options);
        double step = options.StepSize ?? search.ChooseStep(start, cancellation);
        (VariationalNormal normal, bool converged) = search.Climb(start, step, cancellation);
        var mean = new double[model.Layout.Count];
        density.WriteDraw(normal.Parameters.AsSpan(0, density.Dimension), new Rng(options.Seed, ApproximationStreams.Generated - 1), mean);
        return new VariationalResult(Drawn(model, density, normal, options, search.Evaluations), converged, step) { Mean = mean, Trace = search.Trace };
    }

    private static ApproximateDraws Drawn(ILogDensityModel model, ILogDensity density, VariationalNormal normal, VariationalOptions options, long evaluations)
    {
        var rng = new Rng(options.Seed, ApproximationStreams.Draw);
        var positions = new double[options.Draws][];
        double[] own = new double[options.Draws], approximation = new double[options.Draws], u = new double[density.Dimension], gradient = new double[density.Dimension];
        for (int s = 0; s < positions.Length; s++)
        {
            positions[s] = new double[density.Dimension];
            approximation[s] = normal.Draw(rng, u, positions[s]);
            DensityValue value = density.Evaluate(positions[s], gradient);
            own[s] = value.IsAccepted ? value.Value : double.NegativeInfinity;
        }
        return new ApproximateDraws(ApproximateDraws.Of(model, density, positions, options.Seed), own, approximation, ApproximateDraws.Check(own, approximation), evaluations + positions.Length);
    }

    /// <summary>Stochastic ascent of the lower bound. A workspace of one thread.</summary>
    private sealed class Search(ILogDensity density, VariationalOptions options)
    {
        private const int MostRejected = 100;
        private readonly double[] _u = new double[density.Dimension];
        private readonly double[] _x = new double[density.Dimension];
        private readonly double[] _slope = new double[density.Dimension];

        public long Evaluations { get; private set; }

        /// <summary>The estimates of the lower bound on the way.</summary>
        public List<ElboStep> Trace { get; } = [];

        /// <summary>The candidate after whose few iterations the lower bound is highest; the search goes on while smaller ones are better.</summary>
        public double ChooseStep(double[] start, CancellationToken cancellation)
        {
            double initial = Elbo(new VariationalNormal(start, options.Family), 0), best = double.NegativeInfinity, chosen = double.NaN;
            for (int c = 0; c < Candidates.Length; c++)
            {
                var normal = new VariationalNormal(start, options.Family);
                double elbo = Ascend(normal, Candidates[c], 1, options.AdaptIterations, (ulong)c + 1, [], cancellation) ? Elbo(normal, (ulong)c + 1) : double.NegativeInfinity;
                if (elbo < best && best > initial) break;
                if (elbo > best) (best, chosen) = (elbo, Candidates[c]);
            }
            return double.IsNaN(chosen) || !double.IsFinite(best) ? throw new SamplingException("Every step size of the variational search diverged; give stronger priors or a smaller range of initial values, or sample in full.") : chosen;
        }

        /// <summary>Climbs until the lower bound settles.</summary>
        public (VariationalNormal, bool) Climb(double[] start, double step, CancellationToken cancellation)
        {
            var normal = new VariationalNormal(start, options.Family);
            int window = Math.Max(2, (int)(0.1 * options.Iterations / options.EvaluateElbo));
            var changes = new Queue<double>();
            double before = Elbo(normal, 100);
            var history = new List<double[]>();
            for (int done = 0; done < options.Iterations; done += options.EvaluateElbo)
            {
                if (!Ascend(normal, step, done + 1, Math.Min(options.EvaluateElbo, options.Iterations - done), 1000 + (ulong)done, history, cancellation)) break;
                double elbo = Elbo(normal, 1001 + (ulong)done);
                changes.Enqueue(Math.Abs((elbo - before) / elbo));
                if (changes.Count > window) changes.Dequeue();
                before = elbo;
                double[] ordered = [.. changes.Order()];
                double mean = ordered.Average(), median = SampleQuantile.Of(ordered, 0.5);
                Trace.Add(new ElboStep(Math.Min(done + options.EvaluateElbo, options.Iterations), elbo, mean, median));
                if (mean < options.Tolerance || median < options.Tolerance) return (normal, true);
            }
            return (normal, false);
        }

        /// <summary>Takes steps; <paramref name="history"/> holds the averaged squares of gradients from call to call. False where draws are rejected again and again.</summary>
        private bool Ascend(VariationalNormal normal, double step, int first, int count, ulong stream, List<double[]> history, CancellationToken cancellation)
        {
            var rng = new Rng(options.Seed, ApproximationStreams.Gradient + stream);
            double[] gradient = new double[normal.Parameters.Length];
            for (int k = first; k < first + count; k++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!Gradient(normal, rng, gradient)) return false;
                bool fresh = history.Count == 0;
                if (fresh) history.Add(new double[gradient.Length]);
                double[] squares = history[0];
                double scale = step / Math.Sqrt(k);
                for (int i = 0; i < gradient.Length; i++)
                {
                    double square = gradient[i] * gradient[i];
                    squares[i] = fresh ? square : 0.1 * square + 0.9 * squares[i];
                    normal.Parameters[i] += scale * gradient[i] / (1 + Math.Sqrt(squares[i]));
                }
                if (!normal.Parameters.All(double.IsFinite)) return false;
            }
            return true;
        }

        private bool Gradient(VariationalNormal normal, Rng rng, double[] gradient)
        {
            Array.Clear(gradient);
            for (int m = 0, rejected = 0; m < options.GradientDraws; m++)
            {
                normal.Draw(rng, _u, _x);
                DensityValue value = density.Evaluate(_x, _slope);
                Evaluations++;
                if (!value.IsAccepted || !double.IsFinite(value.Value) || !_slope.All(double.IsFinite))
                {
                    if (++rejected > MostRejected) return false;
                    m--;
                    continue;
                }
                normal.AddGradient(_slope, _u, 1.0 / options.GradientDraws, gradient);
            }
            normal.AddEntropyGradient(gradient);
            return true;
        }

        private double Elbo(VariationalNormal normal, ulong stream)
        {
            var rng = new Rng(options.Seed, ApproximationStreams.Resample + stream);
            double sum = 0;
            for (int m = 0, rejected = 0; m < options.ElboDraws; m++)
            {
                normal.Draw(rng, _u, _x);
                DensityValue value = density.Evaluate(_x, _slope);
                Evaluations++;
                if (value.IsAccepted && double.IsFinite(value.Value)) sum += value.Value / options.ElboDraws;
                else
                {
                    if (++rejected > MostRejected) return double.NegativeInfinity;
                    m--;
                }
            }
            return sum + normal.Entropy;
        }
    }
}

/// <summary>What variational inference ended with.</summary>
/// <param name="Approximation">The draws with their check.</param>
/// <param name="Converged">Whether the lower bound settled.</param>
/// <param name="StepSize">The step size η.</param>
public sealed record VariationalResult(ApproximateDraws Approximation, bool Converged, double StepSize)
{
    /// <summary>The variables at the mean of the normal distribution, as a draw: not the mean of the draws where a variable is transformed.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>The estimates of the lower bound on the way.</summary>
    public IReadOnlyList<ElboStep> Trace { get; init; } = [];
}

/// <summary>The evidence lower bound in the course of a variational search.</summary>
/// <param name="Iteration">After how many iterations.</param>
/// <param name="Elbo">The lower bound.</param>
/// <param name="MeanChange">The mean of its last relative changes.</param>
/// <param name="MedianChange">Their median.</param>
public readonly record struct ElboStep(int Iteration, double Elbo, double MeanChange, double MedianChange);
