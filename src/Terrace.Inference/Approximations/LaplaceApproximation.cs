using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Inference.Approximations;

/// <summary>How the Laplace approximation runs.</summary>
public sealed record LaplaceOptions
{
    /// <summary>The number of draws.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>The search for the mode, Jacobian included.</summary>
    public LbfgsOptions Search { get; init; } = new() { IncludeJacobian = true };

    /// <summary>The start of the search lies between −range and range on the unconstrained scale.</summary>
    public double InitialRange { get; init; } = 2;

    /// <summary>Where the search starts; null for a random position.</summary>
    public double[]? InitialPosition { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// The normal approximation at the mode of a posterior on the unconstrained scale: N(x̂, −(∇²log p(x̂))⁻¹), the Hessian by central differences of the gradient.
/// Tierney and Kadane (1986), section 2; Gelman et al. (2013), Bayesian Data Analysis, section 13.3. Exact for normal posteriors. Checked in <c>LaplaceApproximationTests</c>.
/// </summary>
public static class LaplaceApproximation
{
    private const double Step = 1e-3, LargestDecrement = 0.01;

    /// <summary>Finds the mode from a random start and approximates there.</summary>
    /// <exception cref="SamplingException">No start was found, the search ended before the mode, or the density is not curved in every direction there.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static ApproximateDraws Run(ILogDensityModel model, LaplaceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new LaplaceOptions();
        ILogDensity density = model.CreateEvaluator();
        double[] start = StartingPosition.Of(density, options.InitialPosition, options.InitialRange, options.Seed, ApproximationStreams.Start);
        Mode mode = Lbfgs.Maximise(density, start, options.Search with { IncludeJacobian = true }, cancellation);
        return At(model, mode, options);
    }

    /// <summary>Approximates at a mode of the density with its Jacobian.</summary>
    /// <exception cref="SamplingException">The density is not curved in every direction there.</exception>
    public static ApproximateDraws At(ILogDensityModel model, Mode mode, LaplaceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mode);
        options ??= new LaplaceOptions();
        ILogDensity density = model.CreateEvaluator();
        int n = density.Dimension;
        long evaluations = mode.Evaluations;
        double Negative(ReadOnlySpan<double> x, Span<double> gradient)
        {
            evaluations++;
            DensityValue value = density.Evaluate(x, gradient);
            for (int i = 0; i < gradient.Length; i++) gradient[i] = -gradient[i];
            return value.IsAccepted ? -value.Value : double.PositiveInfinity;
        }
        Matrix hessian = GradientDifferences.SymmetricHessian(Negative, [.. mode.Position], [.. mode.Position.Select(x => Step * Math.Max(1, Math.Abs(x)))]);
        if (hessian.Values.Any(value => !double.IsFinite(value)) || !Cholesky.TryFactor(hessian))
            throw new SamplingException("The log density is not curved downwards in every direction at the mode, so that no normal distribution approximates it there: parameters are not determined, or a standard deviation is at 0. Give stronger priors, or sample in full.");
        double[] rest = new double[n];
        density.Evaluate([.. mode.Position], rest);
        Cholesky.SolveLower(hessian, rest);
        double decrement = 0, half = 0;
        for (int i = 0; i < n; i++)
        {
            decrement += rest[i] * rest[i];
            half += Math.Log(hessian[i, i]);
        }
        if (!(decrement < LargestDecrement)) throw new SamplingException($"The search ended {Math.Sqrt(decrement):0.##} standard deviations away from the mode. {mode.Reason} Allow more iterations, or give stronger priors.");
        return Drawn(model, density, mode, hessian, half, options, evaluations);
    }

    private static ApproximateDraws Drawn(ILogDensityModel model, ILogDensity density, Mode mode, Matrix factor, double half, LaplaceOptions options, long evaluations)
    {
        int n = density.Dimension;
        var rng = new Rng(options.Seed, ApproximationStreams.Draw);
        var positions = new double[options.Draws][];
        double[] own = new double[options.Draws], approximation = new double[options.Draws], gradient = new double[n];
        for (int s = 0; s < positions.Length; s++)
        {
            double[] x = positions[s] = new double[n];
            double squares = 0;
            for (int i = 0; i < n; i++)
            {
                x[i] = rng.NextNormal();
                squares += x[i] * x[i];
            }
            Cholesky.SolveLowerTransposed(factor, x);
            for (int i = 0; i < n; i++) x[i] += mode.Position[i];
            DensityValue value = density.Evaluate(x, gradient);
            own[s] = value.IsAccepted ? value.Value : double.NegativeInfinity;
            approximation[s] = half - 0.5 * (squares + n * Math.Log(2 * Math.PI));
        }
        return new ApproximateDraws(ApproximateDraws.Of(model, density, positions, options.Seed), own, approximation, ApproximateDraws.Check(own, approximation), evaluations + positions.Length);
    }
}
