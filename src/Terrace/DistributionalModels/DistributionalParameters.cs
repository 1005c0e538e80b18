using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.DistributionalModels;

/// <summary>
/// The coordinates in which −2 log L of a mixed model is minimised: θ as <see cref="RandomTermScaling"/> has it, and (γ, δ) whitened about the optimum without random effects, γ by
/// its Schur complement given the random effects at the start, δ by products of scores.
/// </summary>
/// <remarks>Nocedal and Wright (2006), section 2.2, on scaling. Check: DistributionalFixtureTests.</remarks>
internal sealed class DistributionalParameters
{
    private static readonly double[] StartingScales = [1, 0.3, 0.1, 0];
    private readonly DistributionalDeviance _deviance;
    private readonly WhitenedCoordinates _coordinates;
    private readonly int _thetas;

    private DistributionalParameters(DistributionalDeviance deviance, RandomTermScaling scaling, WhitenedCoordinates coordinates, double[] theta)
    {
        _deviance = deviance;
        _coordinates = coordinates;
        _thetas = theta.Length;
        Scaling = scaling;
        StartPoint = [.. theta, .. new double[coordinates.Count]];
    }

    /// <summary>θ at a multiple of the identity, the rest as without random effects.</summary>
    public double[] StartPoint { get; }

    /// <summary>The coordinates of θ.</summary>
    public RandomTermScaling Scaling { get; }

    /// <summary>The coordinates of (γ, δ).</summary>
    public WhitenedCoordinates Coordinates => _coordinates;

    /// <summary>The number of parameters.</summary>
    public int Count => StartPoint.Length;

    /// <summary>Chooses the coordinates where the model without random effects is at its optimum.</summary>
    /// <exception cref="ModelException">There are no modes.</exception>
    public static DistributionalParameters Start(MixedModelCells cells, ResponseLikelihood likelihood, DistributionalDeviance deviance, FixedEffectsSearch start)
    {
        var scaling = new RandomTermScaling(cells, likelihood.Cells.Weight);
        double[] centre = start.Natural(start.Point);
        Matrix half = start.ScoreProducts(likelihood.Cells.Weight);
        foreach (double scale in StartingScales)
        {
            double[] theta = [.. cells.Layout.IdentityTheta().Select(value => value * scale)], natural = [.. theta];
            scaling.ToTheta(natural);
            if (double.IsNaN(deviance.Evaluate([.. natural, .. centre], []))) continue;
            ReplaceFixedBlock(half, cells, deviance.Modes);
            return new DistributionalParameters(deviance, scaling, WhitenedCoordinates.Of(centre, half, cells.FixedColumns, 1 / likelihood.Cells.Weight.Sum()), theta);
        }
        throw new ModelException("The modes of the random effects were not found; rescale the variables, choose another link, or simplify the group-level terms.");
    }

    /// <summary>(θ, γ, δ) of a point.</summary>
    public double[] Natural(ReadOnlySpan<double> point)
    {
        double[] natural = point.ToArray();
        Scaling.ToTheta(natural);
        _coordinates.ToNatural(natural.AsSpan(_thetas));
        return natural;
    }

    /// <summary>A direction in the coordinates as one in (θ, γ, δ).</summary>
    public double[] Direction(double[] direction)
    {
        double[] natural = [.. direction];
        Scaling.ToTheta(natural);
        _coordinates.ToDirection(natural.AsSpan(_thetas));
        return natural;
    }

    /// <summary>−2 log L and its gradient at a point.</summary>
    public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        double value = _deviance.Evaluate(Natural(point), gradient);
        if (gradient.IsEmpty || double.IsNaN(value)) return value;
        Scaling.ToGradient(gradient);
        _coordinates.ToGradient(gradient[_thetas..]);
        return value;
    }

    /// <summary>A guess at the diagonal of the Hessian at the start.</summary>
    public double[] CurvatureGuess()
    {
        Evaluate(StartPoint, new double[Count]);
        double[] theta = CovarianceTrace.CurvatureGuess(_deviance.Modes.Product.Layout, _deviance.Trace.ToArray());
        Scaling.ToCurvature(theta);
        return [.. theta, .. Enumerable.Repeat(2.0, _coordinates.Count)];
    }

    /// <summary>Puts the fixed effects' Schur complement in the joint matrix of (u, γ) for their block, and zeros for its coupling with δ.</summary>
    private static void ReplaceFixedBlock(Matrix half, MixedModelCells cells, ConditionalModes modes)
    {
        int p = cells.FixedColumns;
        if (p == 0) return;
        var product = new BlockedCrossProduct(cells.Layout, cells.Pattern, p);
        var factor = new BlockedCholesky(cells.Layout, cells.Pattern, p);
        double[] weights = [.. modes.ObservedWeights];
        var accumulator = new CrossProductAccumulator(cells);
        accumulator.Accumulate(weights, [], product);
        if (!factor.TryFactor(product, modes.Lambda))
        {
            for (int i = 0; i < weights.Length; i++) weights[i] = Math.Max(0, weights[i]);
            accumulator.Accumulate(weights, [], product);
            if (!factor.TryFactor(product, modes.Lambda)) return;
        }
        for (int j = 0; j < p; j++)
        {
            for (int i = j; i < half.Rows; i++)
            {
                half[i, j] = 0;
                for (int k = 0; i < p && k <= j; k++) half[i, j] += factor.FixedEntry(i, k) * factor.FixedEntry(j, k);
            }
        }
    }
}
