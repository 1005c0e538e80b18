using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;

namespace Terrace.DistributionalModels;

/// <summary>
/// A fitted model whose response has parameters beside its mean: coefficients of every component, variance components, modes of the random effects and fit statistics of the
/// original rows. Immutable.
/// </summary>
public sealed class DistributionalModelFit
{
    internal DistributionalModelFit() { }

    /// <summary>The distribution of the response and the link of its conditional predictor.</summary>
    public required ResponseFamily Family { get; init; }

    /// <summary><c>laplace</c> with group-level terms, <c>ml</c> without.</summary>
    public required string Engine { get; init; }

    /// <summary>The curvature in the Laplace approximation.</summary>
    public required Information Information { get; init; }

    /// <summary>The name of the response.</summary>
    public required string ResponseName { get; init; }

    /// <summary>The ordered categories of the response; empty for other responses.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The linear predictors: the conditional one first, then those of the other parameters.</summary>
    public required IReadOnlyList<ComponentFit> Components { get; init; }

    /// <summary>The covariance of all coefficients that are not aliased, component by component; rows and columns of a coefficient without a finite standard error are NaN.</summary>
    public required Matrix Covariance { get; init; }

    /// <summary>The parameters that are one number for all rows, on their own scales.</summary>
    public required IReadOnlyList<DistributionParameter> Parameters { get; init; }

    /// <summary>The relative covariance parameters in lme4's order (σ = 1, so they are absolute); empty without group-level terms.</summary>
    public required double[] Theta { get; init; }

    /// <summary>The random-effects terms in lme4's order (more levels first).</summary>
    public required IReadOnlyList<RandomTermFit> Terms { get; init; }

    /// <summary>The log likelihood of the rows with all constants, by the Laplace approximation where there are random effects.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>The number of rows with a positive weight.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of distinct combinations of covariates, response and trials.</summary>
    public required int Cells { get; init; }

    /// <summary>The conditional linear predictor of each row, random effects included.</summary>
    public required double[] LinearPredictor { get; init; }

    /// <summary>The mean of each row by the whole model, zero part and truncation included; of ordered categories NaN.</summary>
    public required double[] Fitted { get; init; }

    /// <summary>The response of each row (of trials the share of successes, of ordered categories the position from 1).</summary>
    public required double[] Response { get; init; }

    /// <summary>Response less mean over the standard deviation that the model gives the row; of ordered categories NaN.</summary>
    public required double[] PearsonResiduals { get; init; }

    /// <summary>Whether the search met its conditions.</summary>
    public required bool Converged { get; init; }

    /// <summary>The largest absolute component of the criterion's gradient at the estimates, in the coordinates of the search.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>How often the criterion was evaluated.</summary>
    public required int Evaluations { get; init; }

    /// <summary>What lies on the boundary of the variances, in words.</summary>
    public required IReadOnlyList<string> SingularComponents { get; init; }

    /// <summary>What the user should know: <c>aliased</c>, <c>singular-fit</c>, <c>not-converged</c>, <c>parameter-at-boundary</c>.</summary>
    public required IReadOnlyList<ModelWarning> Warnings { get; init; }

    /// <summary>What predictions need of the joint uncertainty of coefficients and random effects.</summary>
    internal EstimateUncertainty Uncertainty { get; init; } = EstimateUncertainty.None;

    /// <summary>What it was fitted to and how, for everything that fits it again.</summary>
    internal DistributionalData Data { get; init; } = null!; // set by the only constructor's only caller

    /// <summary>The conditional predictor.</summary>
    public ComponentFit Conditional => Components[0];

    /// <summary>Whether a variance is 0 or a correlation ±1.</summary>
    public bool Singular => SingularComponents.Count > 0;

    /// <summary>−2 log likelihood.</summary>
    public double Deviance => -2 * LogLikelihood;

    /// <summary>The number of estimated parameters: coefficients of every component and θ.</summary>
    public int ParameterCount => Components.Sum(component => component.Estimated.Count) + Theta.Length;

    /// <summary>−2 log likelihood + 2 × parameters.</summary>
    public double Aic => Deviance + 2 * ParameterCount;

    /// <summary>−2 log likelihood + log(rows) × parameters.</summary>
    public double Bic => Deviance + Math.Log(Rows) * ParameterCount;

    /// <summary>Rows less parameters.</summary>
    public int ResidualDegreesOfFreedom => Rows - ParameterCount;

    /// <summary>The random-effects terms in the order of the formula.</summary>
    public IReadOnlyList<RandomTermFit> TermsInFormulaOrder => [.. Terms.OrderBy(term => term.FormulaPosition)];

    /// <summary>The principal components of the random effects, term by term in the order of the formula; empty without group-level terms.</summary>
    public IReadOnlyList<RandomEffectsPca> PrincipalComponents() => Uncertainty.Random is { } joint ? RandomEffectsPca.Of(TermsInFormulaOrder, joint) : [];

    /// <summary>How near an optimum the estimates are, by gradient and Hessian.</summary>
    public ConvergenceCheck CheckConvergence(CancellationToken cancellation = default)
    {
        DistributionalSearch search = DistributionalSearch.Prepare(Data.Rows, Family, Data.Options, cancellation);
        double[] point = search.PointOf(Data.Natural), gradient = new double[point.Length];
        search.Evaluate(point, gradient);
        string[] names = [.. Enumerable.Range(1, point.Length - Theta.Length).Select(k => $"coordinate {k} of all coefficients")];
        return ConvergenceVerification.Of(search.Layout, names, point, gradient, GradientDifferences.Hessian(search.Evaluate, point), isExact: true);
    }

    /// <summary>The component called <paramref name="name"/>, or null.</summary>
    public ComponentFit? Find(string name) => Components.FirstOrDefault(component => component.Component == name);
}

/// <summary>What a distributional model was fitted to and how, for everything that fits it again.</summary>
/// <param name="Rows">The rows of every component.</param>
/// <param name="Options">How it was fitted.</param>
/// <param name="Natural">The estimates (θ, γ, δ).</param>
internal sealed record DistributionalData(ComponentRows Rows, DistributionalModelOptions Options, double[] Natural);
