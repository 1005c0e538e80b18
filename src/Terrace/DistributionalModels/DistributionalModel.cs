using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;

namespace Terrace.DistributionalModels;

/// <summary>
/// Fits models whose response has parameters beside its mean, with or without group-level terms, by maximum likelihood: negative binomial, beta, beta-binomial, zero-inflated and hurdle
/// counts, Student, lognormal, Gaussian with a modelled spread, ordered categories.
/// </summary>
/// <remarks>
/// <para>Without random effects −2 log L of <see cref="FixedEffectsDeviance"/> is minimised over the coefficients of all components. With them that of
/// <see cref="DistributionalDeviance"/> (Laplace) is minimised over θ and all coefficients together, beginning there. Both have exact gradients; standard errors come from the Hessian by differences of
/// the gradient (<see cref="EstimateCovariance"/>).</para>
/// <para>Rigby and Stasinopoulos (2005), <em>Generalized additive models for location, scale and shape</em>, for the class of models; Brooks et al. (2017), <em>glmmTMB balances speed and
/// flexibility</em>, whose estimates these are. Check: DistributionalFixtureTests compares with glmmTMB, MASS and ordinal.</para>
/// </remarks>
public static class DistributionalModel
{
    /// <summary>Fits the model.</summary>
    /// <param name="rows">The rows of every component with their response.</param>
    /// <param name="family">The distribution and link.</param>
    /// <param name="options">The kind of information.</param>
    /// <param name="cancellation">Ends the fit early.</param>
    /// <exception cref="ModelException">The data cannot carry the model; the message names the response's row, the grouping factor, term or component.</exception>
    public static DistributionalModelFit Fit(ComponentRows rows, ResponseFamily family, DistributionalModelOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(family);
        options ??= new DistributionalModelOptions();
        ModelChecks.Components(rows, family);
        OutcomeValues outcomes = OutcomeValues.Resolve(rows.Conditional, family);
        ModelChecks.OutcomeVaries(outcomes, family, rows.ZeroInflation is not null, rows.Conditional.Response!.Name);
        DistributionalCells cells = DistributionalCells.Of(rows, outcomes, family);
        var basis = FixedEffectsBasis.Of(cells.Conditional.X, cells.Weight);
        var likelihood = new ResponseLikelihood(family, cells);
        ModelChecks.Expected(options.Information, likelihood, rows.Conditional.Design.RandomTerms.Count > 0);
        FixedEffectsSearch start = FixedEffectsSearch.Run(likelihood, basis, options.MaximumEvaluations, cancellation);
        return rows.Conditional.Design.RandomTerms.Count == 0
            ? WithoutGroups(rows, likelihood, basis, start)
            : WithGroups(rows, likelihood, basis, start, options, cancellation);
    }

    private static DistributionalModelFit WithoutGroups(ComponentRows rows, ResponseLikelihood likelihood, FixedEffectsBasis basis, FixedEffectsSearch start)
    {
        EstimateCovariance covariance = EstimateCovariance.At(start.Evaluate, start.Point);
        var state = new DistributionalState
        {
            Natural = start.Natural(),
            ToNatural = start.Direction,
            Covariance = covariance,
            Criterion = start.Value,
            Converged = start.Converged,
            GradientNorm = start.GradientNorm,
            Evaluations = start.Evaluations,
            Eta = start.Eta,
        };
        return DistributionalAssembly.Build(rows, likelihood, basis, state);
    }

    private static DistributionalModelFit WithGroups(ComponentRows rows, ResponseLikelihood likelihood, FixedEffectsBasis basis, FixedEffectsSearch start,
        DistributionalModelOptions options, CancellationToken cancellation)
    {
        InputChecks.Groups(rows.Conditional);
        ModelChecks.ResidualVariation(rows.Conditional, likelihood.Family);
        if (options.Factorisation == Factorisation.Iterative)
            throw new ModelException($"Iterative solutions are for linear mixed models, not for the {likelihood.Family.Name} family; choose the automatic, dense or sparse factorisation.");
        var cells = new MixedModelCells(likelihood.Cells.Conditional, basis, options.Factorisation);
        var deviance = new DistributionalDeviance(cells, likelihood, options.Information);
        var parameters = DistributionalParameters.Start(cells, likelihood, deviance, start);
        var search = new VarianceSearch(cells.Layout, parameters.Evaluate, parameters.Count, options.MaximumEvaluations, cancellation);
        double[] point = search.Minimize(parameters.StartPoint, parameters.CurvatureGuess());
        EstimateCovariance covariance = EstimateCovariance.At(parameters.Evaluate, point);
        double value = parameters.Evaluate(point, new double[point.Length]);
        var state = new DistributionalState
        {
            Natural = parameters.Natural(point),
            ToNatural = parameters.Direction,
            Covariance = covariance,
            Criterion = value,
            Converged = search.Converged,
            GradientNorm = search.GradientNorm,
            Evaluations = search.Evaluations + start.Evaluations,
            Eta = deviance.Modes.Eta,
            Cells = cells,
            Deviance = deviance,
            Scaling = parameters.Scaling,
            Information = options.Information,
        };
        return DistributionalAssembly.Build(rows, likelihood, basis, state);
    }
}

/// <summary>Where a fit ended.</summary>
internal sealed record DistributionalState
{
    /// <summary>(θ, γ, δ).</summary>
    public required double[] Natural { get; init; }

    /// <summary>A direction in the search's coordinates as one in (θ, γ, δ).</summary>
    public required Func<double[], double[]> ToNatural { get; init; }

    public required EstimateCovariance Covariance { get; init; }

    public required double Criterion { get; init; }

    public required bool Converged { get; init; }

    public required double GradientNorm { get; init; }

    public required int Evaluations { get; init; }

    public required double[] Eta { get; init; }

    public MixedModelCells? Cells { get; init; }

    public DistributionalDeviance? Deviance { get; init; }

    public RandomTermScaling? Scaling { get; init; }

    public Information Information { get; init; }
}
