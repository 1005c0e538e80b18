using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using Terrace.MixedModels;

namespace Terrace.Poststratification;

/// <summary>A model fitted by the engine that suits it: with group-level terms a mixed model, without them a linear or generalised linear one.</summary>
/// <param name="Engine"><c>ml</c>, <c>reml</c>, <c>laplace</c> or <c>agq:K</c>.</param>
/// <param name="Linear">The fit without group-level terms, or null.</param>
/// <param name="Mixed">The fit with group-level terms, or null.</param>
internal sealed record FittedModel(string Engine, GeneralizedLinearModelFit? Linear, MixedModelFit? Mixed)
{
    /// <summary>The Bayesian fit, or null.</summary>
    public BayesianFit? Bayesian { get; init; }

    /// <summary>Whether there are group-level terms.</summary>
    public bool HasGroups => Mixed is not null || Bayesian is { Model.Structure.Terms.Count: > 0 };

    /// <summary>What the fit warns of.</summary>
    public IReadOnlyList<ModelWarning> Warnings => Bayesian is { } bayesian ? [.. bayesian.Warnings] : Linear?.Warnings ?? Mixed!.Warnings;

    /// <summary>A Bayesian fit.</summary>
    public static FittedModel Of(BayesianFit fit) => new(fit.Engine, null, null) { Bayesian = fit };

    /// <summary>Fits <paramref name="rows"/>; <paramref name="engine"/> null takes the default.</summary>
    /// <exception cref="ModelException">The engine does not suit the model, or the data cannot carry it.</exception>
    public static FittedModel Fit(ModelRows rows, Family family, string? engine, Information information, CancellationToken cancellation)
    {
        string chosen = Choose(rows, family, engine);
        if (rows.Design.RandomTerms.Count == 0) return new FittedModel(chosen, FitWithoutGroups(rows, family, cancellation), null);
        MixedModelFit fit = QuadratureEngine.PointsOf(chosen) is { } points
            ? GeneralizedLinearMixedModel.Fit(rows, family, new GeneralizedLinearMixedModelOptions { Information = information, QuadraturePoints = points }, cancellation)
            : LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = chosen == "reml" }, cancellation);
        return new FittedModel(fit.Engine, null, fit);
    }

    /// <summary>Fits a model without group-level terms.</summary>
    public static GeneralizedLinearModelFit FitWithoutGroups(ModelRows rows, Family family, CancellationToken cancellation) =>
        IsLinear(family) ? LinearModel.Fit(rows) : GeneralizedLinearModel.Fit(rows, family, cancellation: cancellation);

    /// <summary>
    /// The coefficients as <see cref="CoefficientDraws"/> holds one draw: fixed effects, then for each term of <paramref name="patterns"/> the modes of its levels and 0 for new ones.
    /// Aliased coefficients are 0.
    /// </summary>
    public void Write(DesignMatrices patterns, Span<double> coefficients)
    {
        coefficients.Clear();
        IReadOnlyList<double> beta = Linear?.Estimates.Values ?? Mixed!.Beta;
        for (int j = 0; j < beta.Count; j++) coefficients[j] = double.IsNaN(beta[j]) ? 0 : beta[j];
        if (Mixed is null) return;
        int[] start = CoefficientDraws.Starts(patterns);
        foreach (RandomTermFit term in Mixed.Terms)
        {
            int width = term.TermNames.Count, first = start[term.FormulaPosition];
            for (int level = 0; level < term.Levels.Count; level++)
            {
                for (int j = 0; j < width; j++) coefficients[first + level * width + j] = term.Modes[level, j];
            }
        }
    }

    private static string Choose(ModelRows rows, Family family, string? engine)
    {
        bool hasGroups = rows.Design.RandomTerms.Count > 0;
        string[] suitable = !hasGroups ? ["ml"] : IsLinear(family) ? ["reml", "ml"] : ["laplace", "agq:K"];
        if (engine is null) return suitable[0];
        if (suitable.Contains(engine) && engine != "agq:K") return engine;
        if (hasGroups && !IsLinear(family) && QuadratureEngine.PointsOf(engine) is not null) return engine;
        string model = hasGroups ? $"{(IsLinear(family) ? "a linear mixed model" : "a generalised linear mixed model")}" : "a model without group-level terms";
        throw new ModelException($"The engine '{engine}' does not fit {model}; {string.Join(" or ", suitable)} does.");
    }

    private static bool IsLinear(Family family) => family.IsGaussian && family.Link == Link.Identity;
}
