using Terrace.Families;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// A fitted mixed model, linear or generalised: estimates, variance components, modes of the random effects, fit statistics of the original rows, and what prediction and
/// simulation need. Immutable.
/// </summary>
/// <remarks>Quantities are named and counted as lme4 does (Bates et al. 2015, section 5). Check: MixedModelFixtureTests.</remarks>
public sealed class MixedModelFit
{
    internal MixedModelFit() { }

    /// <summary>The family and link.</summary>
    public required Family Family { get; init; }

    /// <summary><c>reml</c>, <c>ml</c>, <c>laplace</c>, or <c>agq:K</c> with K quadrature points (<see cref="QuadratureEngine"/>).</summary>
    public required string Engine { get; init; }

    /// <summary>The name of the response.</summary>
    public required string ResponseName { get; init; }

    /// <summary>The columns of the model matrix, aliased ones included.</summary>
    public required IReadOnlyList<string> FixedNames { get; init; }

    /// <summary>The fixed effects, NaN where aliased.</summary>
    public required double[] Beta { get; init; }

    /// <summary>The columns of the model matrix that are not aliased, ascending: rows and columns of <see cref="BetaCovariance"/>.</summary>
    public required IReadOnlyList<int> Estimated { get; init; }

    /// <summary>The covariance of the estimated fixed effects.</summary>
    public required Matrix BetaCovariance { get; init; }

    /// <summary>The residual standard deviation, or the root of the dispersion; 1 for binomial and Poisson.</summary>
    public required double Sigma { get; init; }

    /// <summary>The relative covariance parameters in lme4's order: term by term, each lower triangle column by column.</summary>
    public required double[] Theta { get; init; }

    /// <summary>The random-effects terms in lme4's order (more levels first).</summary>
    public required IReadOnlyList<RandomTermFit> Terms { get; init; }

    /// <summary>The log likelihood of the rows with all constants; of a REML fit −½ times the criterion.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>The Monte Carlo standard error of the log likelihood of an iterative fit; null where it is exact.</summary>
    public double? LogLikelihoodError { get; init; }

    /// <summary>How the random effects were solved for: dense, sparse or iterative.</summary>
    public Factorisation Factorisation => Joint.Factorisation;

    /// <summary>The REML criterion, or null.</summary>
    public required double? RemlCriterion { get; init; }

    /// <summary>The deviance given the modes (generalised models), or null.</summary>
    public required double? ConditionalDeviance { get; init; }

    /// <summary>The number of rows with a positive weight.</summary>
    public required int Rows { get; init; }

    /// <summary>The cell of each row.</summary>
    public required IReadOnlyList<int> RowToCell { get; init; }

    /// <summary>The linear predictor of each cell, random effects included.</summary>
    public required double[] LinearPredictor { get; init; }

    /// <summary>The mean of each cell, random effects included.</summary>
    public required double[] Fitted { get; init; }

    /// <summary>The response of each row (of a binomial, its proportion).</summary>
    public required double[] Response { get; init; }

    /// <summary>The prior weight of each row (of a binomial, trials included).</summary>
    public required double[] Weights { get; init; }

    /// <summary>Gradient and Hessian at the estimates, on the scale of the standard errors.</summary>
    public required ConvergenceCheck Convergence { get; init; }

    /// <summary>Whether the estimates are at an optimum (<see cref="Convergence"/>), and the Hessian gives them standard errors.</summary>
    public required bool Converged { get; init; }

    /// <summary>The largest absolute component of the criterion's gradient at the estimates.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>How often the criterion was evaluated.</summary>
    public required int Evaluations { get; init; }

    /// <summary>What lies on the boundary, in words; empty for a regular fit.</summary>
    public required IReadOnlyList<string> SingularComponents { get; init; }

    /// <summary>What the user should know: <c>aliased</c>, <c>singular-fit</c>, <c>not-converged</c>.</summary>
    public required IReadOnlyList<ModelWarning> Warnings { get; init; }

    /// <summary>The conditional distribution of the coefficients for any variance parameters.</summary>
    public required JointPrecision Joint { get; init; }

    /// <summary>The exact marginal likelihood of the variance parameters, while the data are at hand; null for a fit read from a file.</summary>
    internal Func<JointMarginal>? Marginal { get; init; }

    /// <summary>The curvature in a generalised model's Laplace approximation.</summary>
    internal Information Information => Data?.Information ?? Information.Observed;

    /// <summary>The rows and how they were fitted, while they are at hand; null for a fit read from a file.</summary>
    internal FittedData? Data { get; init; }

    /// <summary>Whether a variance is 0 or a correlation ±1.</summary>
    public bool Singular => SingularComponents.Count > 0;

    /// <summary>The number of cells.</summary>
    public int Cells => Fitted.Length;

    /// <summary>−2 log likelihood.</summary>
    public double Deviance => -2 * LogLikelihood;

    /// <summary>The number of estimated parameters: fixed effects, θ, and σ where it is one.</summary>
    public int Parameters => Estimated.Count + Theta.Length + (Family.HasKnownDispersion ? 0 : 1);

    /// <summary>−2 log likelihood + 2 × parameters.</summary>
    public double Aic => Deviance + 2 * Parameters;

    /// <summary>−2 log likelihood + log(rows) × parameters.</summary>
    public double Bic => Deviance + Math.Log(Rows) * Parameters;

    /// <summary>Rows less parameters.</summary>
    public int ResidualDegreesOfFreedom => Rows - Parameters;

    /// <summary>The adjusted intraclass correlation, or null where it is not defined (random slopes, other families).</summary>
    public double? Icc => IntraclassCorrelation.Of(Family, Terms, Sigma, FixedNames.Contains("(Intercept)") ? Beta[FixedNames.ToList().IndexOf("(Intercept)")] : double.NaN);

    /// <summary>The random-effects terms in the order of the formula.</summary>
    public IReadOnlyList<RandomTermFit> TermsInFormulaOrder => [.. Terms.OrderBy(t => t.FormulaPosition)];

    /// <summary>The standard error of each fixed effect, NaN where aliased.</summary>
    public double[] StandardErrors()
    {
        var errors = new double[Beta.Length];
        Array.Fill(errors, double.NaN);
        for (int j = 0; j < Estimated.Count; j++) errors[Estimated[j]] = Math.Sqrt(BetaCovariance[j, j]);
        return errors;
    }

    /// <summary>Response less mean, per row.</summary>
    /// <exception cref="ModelException">The fit was streamed and has no values of rows.</exception>
    public double[] Residuals() => [.. RowResponses().Select((y, i) => y - Fitted[RowToCell[i]])];

    /// <summary>Residuals over the standard deviation that the family gives them (divided by σ as well): lme4's scaled residuals.</summary>
    /// <exception cref="ModelException">The fit was streamed and has no values of rows.</exception>
    public double[] PearsonResiduals() =>
        [.. RowResponses().Select((y, i) => (y - Fitted[RowToCell[i]]) * Math.Sqrt(Weights[i] / Family.Variance(Fitted[RowToCell[i]])) / Sigma)];

    /// <summary>Whether the fit has values of rows: a streamed one does not.</summary>
    public bool HasRowValues => Response.Length > 0;

    private double[] RowResponses() => HasRowValues ? Response
        : throw new ModelException("The model was fitted to a stream of rows, of which only cross-products were kept, so there are no residuals; fit it to the rows in memory.");

    /// <summary>The coefficients of each level of each grouping factor: fixed effects plus modes (lme4's coef).</summary>
    public IReadOnlyList<GroupCoefficients> Coefficients() => GroupCoefficients.Of(this);
}
