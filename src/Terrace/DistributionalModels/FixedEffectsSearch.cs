using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.DistributionalModels;

/// <summary>The maximum of the likelihood without random effects: by quasi-Newton steps in coordinates whitened by products of scores, a second time from where the first ended.</summary>
internal sealed class FixedEffectsSearch
{
    private const int Rounds = 2;
    private readonly FixedEffectsDeviance _deviance;
    private readonly WhitenedCoordinates _coordinates;

    private FixedEffectsSearch(FixedEffectsDeviance deviance, WhitenedCoordinates coordinates)
    {
        _deviance = deviance;
        _coordinates = coordinates;
        Point = new double[coordinates.Count];
    }

    /// <summary>The whitened coordinates.</summary>
    public WhitenedCoordinates Coordinates => _coordinates;

    /// <summary>The optimum in the whitened coordinates.</summary>
    public double[] Point { get; private set; }

    /// <summary>−2 log likelihood there.</summary>
    public double Value { get; private set; }

    public bool Converged { get; private set; }

    public double GradientNorm { get; private set; }

    public int Evaluations { get; private set; }

    /// <summary>The linear predictor at the optimum.</summary>
    public double[] Eta => _deviance.Eta;

    /// <summary>Searches from <see cref="StartingValues"/>.</summary>
    /// <exception cref="ModelException">The likelihood is not defined there.</exception>
    public static FixedEffectsSearch Run(ResponseLikelihood likelihood, FixedEffectsBasis basis, int maximumEvaluations, CancellationToken cancellation)
    {
        double[] offset = likelihood.Cells.Conditional.Offset, natural = StartingValues.Of(likelihood, basis, offset);
        var deviance = new FixedEffectsDeviance(basis, offset, likelihood);
        FixedEffectsSearch? search = null;
        for (int round = 0; round < Rounds; round++)
        {
            int before = search?.Evaluations ?? 0;
            if (double.IsNaN(deviance.Evaluate(natural, new double[natural.Length])))
                throw new ModelException("No starting values were found at which the response is possible; choose another link, or rescale the fixed effects' variables.");
            search = new FixedEffectsSearch(deviance, WhitenedCoordinates.Of(natural, deviance.ScoreProducts(likelihood.Cells.Weight), basis.Rank, 1 / likelihood.Cells.Weight.Sum()));
            search.Minimize(maximumEvaluations, cancellation);
            search.Evaluations += before;
            natural = search.Natural(search.Point);
        }
        search!.Value = search.Evaluate(search.Point, new double[search.Point.Length]);
        return search;
    }

    /// <summary>The criterion and its gradient in the whitened coordinates.</summary>
    public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        double[] natural = Natural(point);
        double value = _deviance.Evaluate(natural, gradient);
        if (!gradient.IsEmpty && !double.IsNaN(value)) _coordinates.ToGradient(gradient);
        return value;
    }

    /// <summary>The criterion and its gradient in (γ, δ).</summary>
    public double EvaluateNatural(ReadOnlySpan<double> natural, Span<double> gradient) => _deviance.Evaluate(natural, gradient);

    /// <summary>(γ, δ) of a point.</summary>
    public double[] Natural(ReadOnlySpan<double> point)
    {
        double[] natural = point.ToArray();
        _coordinates.ToNatural(natural);
        return natural;
    }

    /// <summary>A direction in the whitened coordinates as one in (γ, δ).</summary>
    public double[] Direction(double[] direction)
    {
        double[] natural = [.. direction];
        _coordinates.ToDirection(natural);
        return natural;
    }

    /// <summary>Half the Hessian in (γ, δ) by products of scores at the optimum.</summary>
    public Matrix ScoreProducts(double[] weight)
    {
        Evaluate(Point, new double[Point.Length]);
        return _deviance.ScoreProducts(weight);
    }

    private void Minimize(int maximumEvaluations, CancellationToken cancellation)
    {
        int n = Point.Length;
        double[] low = new double[n], high = new double[n], curvature = new double[n];
        Array.Fill(low, double.NegativeInfinity);
        Array.Fill(high, double.PositiveInfinity);
        Array.Fill(curvature, 2);
        var options = new OptimizationOptions { MaximumEvaluations = maximumEvaluations, InitialHessianDiagonal = curvature };
        OptimizationResult result = BoundedQuasiNewton.Minimize(Evaluate, Point, low, high, options, cancellation);
        Point = [.. result.Point];
        Converged = result.Converged;
        GradientNorm = result.ProjectedGradientNorm;
        Evaluations = result.Evaluations;
    }
}
