using System.Globalization;
using Terrace.Formulas;

namespace Terrace.SavedFits;

/// <summary>Refuses to compare fits whose likelihoods are not of the same thing, and says why and what to do instead.</summary>
internal static class ComparableFits
{
    /// <summary>Checks every model against the first.</summary>
    /// <exception cref="ModelException">Two of them cannot be compared.</exception>
    public static void Require(IReadOnlyList<ComparedModel> models)
    {
        foreach (ComparedModel model in models) RequireLikelihood(model);
        foreach (ComparedModel model in models.Skip(1))
        {
            RequireSameResponse(models[0], model);
            RequireSameData(models[0], model);
            RequireSameFamily(models[0], model);
            RequireSameCriterion(models[0], model);
        }
    }

    private static void RequireLikelihood(ComparedModel model)
    {
        bool has = model.LogLikelihood is { } value && double.IsFinite(value) && model.Aic is { } aic && double.IsFinite(aic);
        if (has) return;
        throw new ModelException(model.Family.StartsWith("quasi", StringComparison.Ordinal)
            ? $"'{model.Name}' is of the {model.Family} family, which has no likelihood, so that neither likelihood-ratio tests nor AIC exist. Fit it with the family without 'quasi', and with a group-level term for each row where the data vary more than that."
            : $"'{model.Name}' has no finite log likelihood to compare.");
    }

    private static void RequireSameResponse(ComparedModel first, ComparedModel other)
    {
        if (first.Response == other.Response) return;
        throw new ModelException($"'{first.Name}' has the response {first.Response}, '{other.Name}' has {other.Response}: likelihoods, AIC and BIC are comparable only for the same response on the same scale. Fit both models to one response.");
    }

    private static void RequireSameData(ComparedModel first, ComparedModel other)
    {
        if (first.Rows != other.Rows)
            throw new ModelException($"'{first.Name}' was fitted to {Count(first.Rows)} rows, '{other.Name}' to {Count(other.Rows)}: only fits to the same rows can be compared. Where missing values of a predictor make the difference, leave those rows out of both fits: --where \"!is.na(x)\".");
        if (first.Data is null || other.Data is null || first.Data == other.Data) return;
        throw new ModelException($"'{first.Name}' and '{other.Name}' were fitted to different data: the values of {first.Response}, their order, their weights or their trials differ. Fit both models to the same file with the same --where, --weights and --trials.");
    }

    private static void RequireSameFamily(ComparedModel first, ComparedModel other)
    {
        if (first.Family == other.Family && first.Link == other.Link) return;
        throw new ModelException($"'{first.Name}' is {first.Family} with {first.Link} link, '{other.Name}' is {other.Family} with {other.Link} link: neither is a special case of the other, so there is no likelihood-ratio test. Their AIC ({Number(first.Aic)} and {Number(other.Aic)}; the smaller is better) may be compared, as the response is the same, unless one family gives probabilities and the other densities.");
    }

    private static void RequireSameCriterion(ComparedModel first, ComparedModel other)
    {
        bool isReml = first.Engine == "reml";
        if (isReml != (other.Engine == "reml"))
        {
            (ComparedModel reml, ComparedModel ml) = isReml ? (first, other) : (other, first);
            throw new ModelException($"'{reml.Name}' was fitted by REML, '{ml.Name}' by maximum likelihood: a restricted likelihood compares with no other. {FitByMl([reml])}");
        }
        if (isReml && !HasSameFixedEffects(first, other))
            throw new ModelException($"'{first.Name}' and '{other.Name}' were fitted by REML with different fixed effects, and restricted likelihoods are comparable only with the same ones. {FitByMl([first, other])}");
    }

    // lme4 refits such models by itself, which needs the data.
    private static string FitByMl(ComparedModel[] models) =>
        $"A saved fit holds no data to refit it from (lme4's anova refits): fit {(models.Length == 1 ? "it" : "both")} again with '--engine ml', then compare; or name the data, --data FILE, and {(models.Length == 1 ? "it is" : "both are")} refitted.";

    /// <summary>Whether the fixed effects are the same columns: equal names, and equally coded.</summary>
    public static bool HasSameFixedEffects(ComparedModel first, ComparedModel other) =>
        first.Frame.ColumnNames.ToHashSet(StringComparer.Ordinal).SetEquals(other.Frame.ColumnNames)
        && Contrasts(first).SetEquals(Contrasts(other)) && ModelNesting.HaveSameOffsets(first, other);

    private static HashSet<string> Contrasts(ComparedModel model) => [.. model.Frame.Options.Contrasts
        .Where(contrast => model.Frame.Formula.FixedTerms.Any(term => term.Variables.Any(variable => IsOf(variable, contrast.Key))))
        .Select(contrast => $"{contrast.Key}={contrast.Value}")];

    private static bool IsOf(Expression variable, string name) => variable.ToString() == name || variable.Variables.Contains(name);

    private static string Count(long rows) => rows.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value!.Value.ToString("0.00", CultureInfo.InvariantCulture);
}
