using Terrace.HypothesisTests;
using Terrace.MarginalMeans;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.SavedFits;

/// <summary>
/// Everything there is to say about a fit, in one shape for every kind of model: what <c>terrace fit --json</c> prints and what a saved fit carries along.
/// A number that is not defined is null or NaN.
/// </summary>
public sealed record FitReport
{
    /// <summary>The formula as R would print it.</summary>
    public required string Formula { get; init; }

    /// <summary>The mean function of a nonlinear model, whose parameters the fixed effects are; otherwise null.</summary>
    public string? MeanFunction { get; init; }

    /// <summary>The family's name.</summary>
    public required string Family { get; init; }

    /// <summary>The link's name.</summary>
    public required string Link { get; init; }

    /// <summary>The engine that fitted the model: <c>ml</c>, <c>reml</c>, <c>laplace</c> or <c>agq:K</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The engine that was asked for; the default's name where none was.</summary>
    public required string RequestedEngine { get; init; }

    /// <summary>The formulas of the components beside the conditional one, by component: <c>zero-inflation</c>, <c>dispersion</c>; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> ComponentFormulas { get; init; } = NoComponents;

    /// <summary>The component formulas of a model of one component: one object, so that reports and comparisons of such models can be equal.</summary>
    internal static IReadOnlyDictionary<string, string> NoComponents { get; } = new Dictionary<string, string>();

    /// <summary>The ordered categories of the response; empty for other responses.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The number of rows used.</summary>
    public required long Rows { get; init; }

    /// <summary>The number of distinct covariate patterns they collapse to.</summary>
    public required long Cells { get; init; }

    /// <summary>The number of rows left out because a value is missing.</summary>
    public required long Omitted { get; init; }

    /// <summary>The fixed effects, in the order of the model matrix, aliased ones included.</summary>
    public required IReadOnlyList<FixedEffect> FixedEffects { get; init; }

    /// <summary>The names of the rows and columns of <see cref="Covariance"/>: the fixed effects that are not aliased.</summary>
    public required IReadOnlyList<string> CovarianceTerms { get; init; }

    /// <summary>The covariance matrix of the fixed effects.</summary>
    public required Matrix Covariance { get; init; }

    /// <summary>The standard deviations of the random effects.</summary>
    public IReadOnlyList<RandomEffectSd> RandomEffects { get; init; } = [];

    /// <summary>The correlations of random effects of one term.</summary>
    public IReadOnlyList<RandomEffectCorrelation> Correlations { get; init; } = [];

    /// <summary>The grouping factors with their numbers of levels.</summary>
    public IReadOnlyList<GroupSize> Groups { get; init; } = [];

    /// <summary>What the family adds: <c>sigma</c>, <c>dispersion</c>.</summary>
    public IReadOnlyList<FamilyParameter> Parameters { get; init; } = [];

    /// <summary>The standard deviation of the residuals of a Gaussian model; otherwise null.</summary>
    public double? ResidualSd { get; init; }

    /// <summary>The adjusted intraclass correlation of Nakagawa, Johnson and Schielzeth (2017); null with random slopes and without groups.</summary>
    public double? Icc { get; init; }

    /// <summary>The log likelihood of the original rows (of REML its restricted one), constants included; null for quasi families.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>The deviance: of lm and glm R's, of mixed models −2 log likelihood; null for REML.</summary>
    public double? Deviance { get; init; }

    /// <summary>The REML criterion; null for other engines.</summary>
    public double? RemlCriterion { get; init; }

    /// <summary>Akaike's information criterion.</summary>
    public double? Aic { get; init; }

    /// <summary>Schwarz's information criterion.</summary>
    public double? Bic { get; init; }

    /// <summary>Rows less parameters, as R counts them.</summary>
    public double? ResidualDf { get; init; }

    /// <summary>The random effects: their conditional modes with conditional standard deviations.</summary>
    public IReadOnlyList<GroupEffects> Modes { get; init; } = [];

    /// <summary>The coefficients of each level: fixed effect plus mode; the standard deviations are not defined (NaN).</summary>
    public IReadOnlyList<GroupEffects> Coefficients { get; init; } = [];

    /// <summary>Whether the search ended at an optimum.</summary>
    public required bool Converged { get; init; }

    /// <summary>Whether a variance is zero or a correlation ±1.</summary>
    public bool Singular { get; init; }

    /// <summary>The largest element of the criterion's gradient at the end; null where there is no search.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>The number of evaluations of the criterion, or of iterations of IRLS; null where there is no search.</summary>
    public int? Evaluations { get; init; }

    /// <summary>What the intervals are; null for Wald intervals, or t intervals where there are degrees of freedom.</summary>
    public IntervalSummary? Intervals { get; init; }

    /// <summary>How a mixed model's random effects were solved for: <c>dense</c>, <c>sparse</c> or <c>iterative</c>.</summary>
    public string? Factorisation { get; init; }

    /// <summary>The Monte Carlo standard error of the log likelihood of an iterative fit.</summary>
    public double? LogLikelihoodError { get; init; }

    /// <summary>Seconds of wall clock; null where nobody measured.</summary>
    public double? Seconds { get; init; }

    /// <summary>The tests of terms that were asked for.</summary>
    public IReadOnlyList<TermTests> TermTests { get; init; } = [];

    /// <summary>The likelihood-ratio tests of dropped terms that were asked for.</summary>
    public IReadOnlyList<DroppedTerms> DroppedTerms { get; init; } = [];

    /// <summary>The marginal means that were asked for.</summary>
    public IReadOnlyList<MarginalMeanTable> Means { get; init; } = [];

    /// <summary>The comparisons of marginal means that were asked for.</summary>
    public IReadOnlyList<MeanComparisons> Comparisons { get; init; } = [];

    /// <summary>What the user should know about the fit.</summary>
    public IReadOnlyList<ModelWarning> Warnings { get; init; } = [];
}

/// <summary>A fixed effect.</summary>
/// <param name="Term">Its name, as R's.</param>
/// <param name="Estimate">The estimate; null where the column is aliased.</param>
/// <param name="StdError">Its standard error.</param>
/// <param name="Statistic">The estimate divided by its standard error: z, or t.</param>
/// <param name="Df">The degrees of freedom of t; null for z, and where they are not known.</param>
/// <param name="PValue">The two-sided p-value of <paramref name="Statistic"/>; null where its distribution is not known.</param>
/// <param name="Lower">The lower bound of the interval.</param>
/// <param name="Upper">The upper bound of the interval.</param>
/// <param name="Component">The part of the model it belongs to.</param>
public sealed record FixedEffect(
    string Term, double? Estimate, double? StdError, double? Statistic, double? Df, double? PValue, double? Lower, double? Upper, string Component = "conditional");

/// <summary>The standard deviation of a random effect.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Term">The covariate.</param>
/// <param name="Sd">The standard deviation.</param>
/// <param name="Component">The part of the model it belongs to.</param>
public sealed record RandomEffectSd(string Group, string Term, double Sd, string Component = "conditional")
{
    /// <summary>The lower bound of its interval; null where the kind of interval has none.</summary>
    public double? Lower { get; init; }

    /// <summary>The upper bound of its interval; null where the kind of interval has none.</summary>
    public double? Upper { get; init; }
}

/// <summary>The correlation of two random effects of one term.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Term1">The first covariate.</param>
/// <param name="Term2">The second covariate.</param>
/// <param name="Correlation">The correlation; NaN where one of the variances is zero.</param>
public sealed record RandomEffectCorrelation(string Group, string Term1, string Term2, double Correlation)
{
    /// <summary>The lower bound of its interval; null where the kind of interval has none.</summary>
    public double? Lower { get; init; }

    /// <summary>The upper bound of its interval; null where the kind of interval has none.</summary>
    public double? Upper { get; init; }
}

/// <summary>A grouping factor and its size.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Levels">The number of its levels in the data.</param>
public sealed record GroupSize(string Group, int Levels);

/// <summary>A parameter of the family.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Estimate">Its estimate.</param>
/// <param name="StdError">Its standard error; null where none is computed.</param>
public sealed record FamilyParameter(string Name, double Estimate, double? StdError = null)
{
    /// <summary>The lower bound of its interval; null where the kind of interval has none.</summary>
    public double? Lower { get; init; }

    /// <summary>The upper bound of its interval; null where the kind of interval has none.</summary>
    public double? Upper { get; init; }
}

/// <summary>Numbers for every level and covariate of a grouping factor.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Levels">Its levels: the rows.</param>
/// <param name="Terms">The covariates: the columns.</param>
/// <param name="Estimates">Levels × covariates.</param>
/// <param name="Sds">Levels × covariates; null where there are none.</param>
public sealed record GroupEffects(string Group, IReadOnlyList<string> Levels, IReadOnlyList<string> Terms, Matrix Estimates, Matrix? Sds = null);
