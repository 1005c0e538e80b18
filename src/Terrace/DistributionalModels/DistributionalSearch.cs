using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>
/// The criterion of a distributional model ready to be searched, with or without random effects: −2 log L as a function of (θ, γ, δ) and of the search's coordinates, θ scaled
/// (<see cref="RandomTermScaling"/>) and (γ, δ) whitened (<see cref="WhitenedCoordinates"/>). What fits, refits, profiles and restarts have in common. A workspace of one thread.
/// </summary>
/// <remarks>The criteria are <see cref="FixedEffectsDeviance"/> and <see cref="DistributionalDeviance"/> (Tierney and Kadane 1986). Check: DistributionalFixtureTests, DistributionalRefitTests.</remarks>
internal sealed class DistributionalSearch
{
    private readonly DistributionalModelOptions _options;
    private readonly FixedEffectsSearch _pooled;
    private readonly DistributionalParameters? _parameters;
    private readonly CancellationToken _cancellation;

    private DistributionalSearch(ComponentRows rows, ResponseLikelihood likelihood, FixedEffectsBasis basis, DistributionalModelOptions options, CancellationToken cancellation)
    {
        (Likelihood, Basis, _options, _cancellation) = (likelihood, basis, options, cancellation);
        _pooled = FixedEffectsSearch.Run(likelihood, basis, options.MaximumEvaluations, cancellation);
        Coordinates = _pooled.Coordinates;
        if (rows.Conditional.Design.RandomTerms.Count == 0) return;
        Groups(rows.Conditional, likelihood.Family, options.Factorisation);
        Cells = new MixedModelCells(likelihood.Cells.Conditional, basis, options.Factorisation);
        Deviance = new DistributionalDeviance(Cells, likelihood, options.Information);
        _parameters = DistributionalParameters.Start(Cells, likelihood, Deviance, _pooled);
        Coordinates = _parameters.Coordinates;
    }

    public ResponseLikelihood Likelihood { get; }

    /// <summary>The basis of the conditional predictor's fixed effects.</summary>
    public FixedEffectsBasis Basis { get; }

    /// <summary>The cells with their random effects, or null.</summary>
    public MixedModelCells? Cells { get; }

    /// <summary>The Laplace approximation, or null without random effects.</summary>
    public DistributionalDeviance? Deviance { get; }

    /// <summary>The coordinates of θ, or null.</summary>
    public RandomTermScaling? Scaling => _parameters?.Scaling;

    /// <summary>The coordinates of (γ, δ).</summary>
    public WhitenedCoordinates Coordinates { get; }

    public RandomEffectsLayout Layout => Cells?.Layout ?? RandomEffectsLayout.None;

    /// <summary>The point from which a fit searches; without random effects already the optimum.</summary>
    public double[] Start => _parameters?.StartPoint ?? _pooled.Point;

    /// <summary>The conditional linear predictor at the last evaluation.</summary>
    public double[] Eta => Deviance?.Modes.Eta ?? _pooled.Eta;

    /// <summary>Checks the rows, collapses them to cells and finds the optimum without random effects, about which the coordinates are whitened.</summary>
    /// <exception cref="ModelException">The data cannot carry the model; the message names the response's row, the grouping factor, term or component.</exception>
    public static DistributionalSearch Prepare(ComponentRows rows, ResponseFamily family, DistributionalModelOptions options, CancellationToken cancellation)
    {
        ModelChecks.Components(rows, family);
        OutcomeValues outcomes = OutcomeValues.Resolve(rows.Conditional, family);
        ModelChecks.OutcomeVaries(outcomes, family, rows.ZeroInflation is not null, rows.Conditional.Response!.Name);
        DistributionalCells cells = DistributionalCells.Of(rows, outcomes, family);
        var likelihood = new ResponseLikelihood(family, cells);
        ModelChecks.Expected(options.Information, likelihood, rows.Conditional.Design.RandomTerms.Count > 0);
        return new DistributionalSearch(rows, likelihood, FixedEffectsBasis.Of(cells.Conditional.X, cells.Weight), options, cancellation);
    }

    /// <summary>Searches from <paramref name="start"/>, or from where fits begin.</summary>
    public DistributionalOptimum Minimize(double[]? start = null)
    {
        if (_parameters is null && start is null) return new DistributionalOptimum(_pooled.Point, _pooled.Value, _pooled.Converged, _pooled.GradientNorm, _pooled.Evaluations);
        var search = new VarianceSearch(Layout, Evaluate, Start.Length, _options.MaximumEvaluations, _cancellation);
        double[] point = search.Minimize([.. start ?? Start], CurvatureGuess());
        return new DistributionalOptimum(point, Evaluate(point, new double[point.Length]), search.Converged, search.GradientNorm, search.Evaluations + _pooled.Evaluations);
    }

    /// <summary>A guess at the diagonal of the Hessian at the start.</summary>
    public double[] CurvatureGuess() => _parameters?.CurvatureGuess() ?? [.. _pooled.Point.Select(_ => 2.0)];

    /// <summary>−2 log L and its gradient in the search's coordinates.</summary>
    public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient) => _parameters is null ? _pooled.Evaluate(point, gradient) : _parameters.Evaluate(point, gradient);

    /// <summary>−2 log L and its gradient in (θ, γ, δ).</summary>
    public double EvaluateNatural(ReadOnlySpan<double> natural, Span<double> gradient) => Deviance?.Evaluate(natural, gradient) ?? _pooled.EvaluateNatural(natural, gradient);

    /// <summary>(θ, γ, δ) of a point.</summary>
    public double[] Natural(ReadOnlySpan<double> point) => _parameters?.Natural(point) ?? _pooled.Natural(point);

    /// <summary>The point of (θ, γ, δ).</summary>
    public double[] PointOf(double[] natural)
    {
        double[] point = [.. natural];
        Scaling?.FromTheta(point);
        Coordinates.FromNatural(point.AsSpan(Layout.ThetaCount));
        return point;
    }

    /// <summary>A direction in the coordinates as one in (θ, γ, δ).</summary>
    public double[] Direction(double[] direction) => _parameters?.Direction(direction) ?? _pooled.Direction(direction);

    private static void Groups(ModelRows rows, ResponseFamily family, Factorisation factorisation)
    {
        InputChecks.Groups(rows);
        ModelChecks.ResidualVariation(rows, family);
        if (factorisation == Factorisation.Iterative)
            throw new ModelException($"Iterative solutions are for linear mixed models, not for the {family.Name} family; choose the automatic, dense or sparse factorisation.");
    }
}

/// <summary>Where a search ended.</summary>
/// <param name="Point">The point in the search's coordinates.</param>
/// <param name="Value">−2 log L.</param>
/// <param name="Converged">Whether the search met its conditions.</param>
/// <param name="GradientNorm">The largest component of the gradient.</param>
/// <param name="Evaluations">How often the criterion was evaluated.</param>
internal sealed record DistributionalOptimum(double[] Point, double Value, bool Converged, double GradientNorm, int Evaluations);
