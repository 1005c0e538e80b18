using Terrace.MixedModels;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.NonlinearModels;

/// <summary>
/// A fitted nonlinear mixed model: estimates, variance components, modes of the random effects, fit statistics of the original rows. Immutable. Its members are those of
/// <see cref="MixedModelFit"/>; the columns are the parameters of the mean function.
/// </summary>
public sealed class NonlinearMixedModelFit
{
    internal NonlinearMixedModelFit(NonlinearData data, IReadOnlyList<double> start, MixedModelFit tangent)
    {
        Data = data;
        Start = [.. start];
        Tangent = tangent;
    }

    /// <summary>The mean function.</summary>
    public NonlinearMean Mean => Data.Frame.Mean;

    /// <summary>The fixed effects from which the mixed model was searched: the least-squares fit without random effects.</summary>
    public IReadOnlyList<double> Start { get; }

    /// <summary>What it was fitted to and how.</summary>
    internal NonlinearData Data { get; }

    /// <summary>The linear mixed model that touches this one at the estimates, with the same likelihood, variances and modes.</summary>
    internal MixedModelFit Tangent { get; }

    /// <summary><c>laplace</c>.</summary>
    public string Engine { get; } = "laplace";

    /// <summary>The name of the response.</summary>
    public string ResponseName => Tangent.ResponseName;

    /// <summary>The parameters of the mean function.</summary>
    public IReadOnlyList<string> FixedNames => Tangent.FixedNames;

    /// <summary>The fixed effects: the parameters of a typical group.</summary>
    public double[] Beta => Tangent.Beta;

    /// <summary>The covariance of the fixed effects.</summary>
    public Matrix BetaCovariance => Tangent.BetaCovariance;

    /// <summary>The residual standard deviation √(r² / n).</summary>
    public double Sigma => Tangent.Sigma;

    /// <summary>The relative covariance parameters in lme4's order.</summary>
    public double[] Theta => Tangent.Theta;

    /// <summary>The random terms in lme4's order.</summary>
    public IReadOnlyList<RandomTermFit> Terms => Tangent.Terms;

    /// <summary>The log likelihood with all constants, by the Laplace approximation.</summary>
    public double LogLikelihood => Tangent.LogLikelihood;

    /// <summary>−2 log likelihood.</summary>
    public double Deviance => Tangent.Deviance;

    /// <summary>The number of estimated parameters: fixed effects, θ and σ.</summary>
    public int Parameters => Tangent.Parameters;

    /// <summary>−2 log likelihood + 2 × parameters.</summary>
    public double Aic => Tangent.Aic;

    /// <summary>−2 log likelihood + log(rows) × parameters.</summary>
    public double Bic => Tangent.Bic;

    /// <summary>Rows less parameters.</summary>
    public int ResidualDegreesOfFreedom => Tangent.ResidualDegreesOfFreedom;

    /// <summary>The number of rows with a positive weight.</summary>
    public int Rows => Tangent.Rows;

    /// <summary>Whether the optimiser met its conditions.</summary>
    public bool Converged => Tangent.Converged;

    /// <summary>The largest absolute component of the criterion's gradient at the estimates, in the scaled coordinates of the search.</summary>
    public double GradientNorm => Tangent.GradientNorm;

    /// <summary>How often the criterion was evaluated with its gradient.</summary>
    public int Evaluations => Tangent.Evaluations;

    /// <summary>Whether a variance is 0 or a correlation ±1.</summary>
    public bool Singular => Tangent.Singular;

    /// <summary>What lies on the boundary, in words.</summary>
    public IReadOnlyList<string> SingularComponents => Tangent.SingularComponents;

    /// <summary>What the user should know: <c>singular-fit</c>, <c>not-converged</c>.</summary>
    public IReadOnlyList<ModelWarning> Warnings => Tangent.Warnings;

    /// <summary>The joint distribution of the coefficients (β, b) by the tangent model, given the variance parameters.</summary>
    public JointPrecision Joint => Tangent.Joint;

    /// <summary>The random terms in the order of the formula.</summary>
    public IReadOnlyList<RandomTermFit> TermsInFormulaOrder => Tangent.TermsInFormulaOrder;

    /// <summary>How near an optimum the estimates are.</summary>
    public ConvergenceCheck Convergence => Tangent.Convergence;

    /// <summary>The principal components of the random effects, term by term in the order of the formula.</summary>
    public IReadOnlyList<RandomEffectsPca> PrincipalComponents() => RandomEffectsPca.Of(Tangent);

    /// <summary>The standard error of each fixed effect.</summary>
    public double[] StandardErrors() => Tangent.StandardErrors();

    /// <summary>The mean of every row, random effects included.</summary>
    public double[] FittedValues() => [.. Tangent.RowToCell.Select(cell => Tangent.Fitted[cell])];

    /// <summary>Response less mean, per row.</summary>
    public double[] Residuals() => Tangent.Residuals();

    /// <summary>Residuals over σ/√w: lme4's scaled residuals.</summary>
    public double[] PearsonResiduals() => Tangent.PearsonResiduals();

    /// <summary>The parameters of each level of each grouping factor: fixed effects plus modes.</summary>
    public IReadOnlyList<GroupCoefficients> Coefficients() => Tangent.Coefficients();
}
