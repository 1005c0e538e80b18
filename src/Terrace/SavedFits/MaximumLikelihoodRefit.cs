using System.Globalization;
using Terrace.Design;
using Terrace.MixedModels;

namespace Terrace.SavedFits;

/// <summary>Refits by maximum likelihood what was fitted by REML, where restricted likelihoods cannot be compared: with different fixed effects, or against maximum likelihood.</summary>
/// <remarks>What lme4's <c>anova</c> does (Bates et al. 2015, section 5.4). The rows are checked by their <see cref="DataFingerprint"/>. Tests: ModelComparisonTests, CompareCommandTests.</remarks>
internal static class MaximumLikelihoodRefit
{
    /// <summary>Whether some of the models must be refitted before they can be compared.</summary>
    public static bool IsNeeded(IReadOnlyList<ComparedModel> models) => models.Any(model => model.Engine == "reml")
        && models.Skip(1).Any(model => model.Engine == "reml" != (models[0].Engine == "reml") || !ComparableFits.HasSameFixedEffects(models[0], model));

    /// <summary>The models with those by REML refitted; <paramref name="rows"/> gives the rows of a model.</summary>
    /// <exception cref="ModelException">The rows are not those that a model was fitted to, or the models cannot be compared for another reason.</exception>
    public static IReadOnlyList<ComparedModel> Of(IReadOnlyList<ComparedModel> models, Func<ComparedModel, ModelRows> rows, CancellationToken cancellation)
    {
        ComparableFits.Require([.. models.Select(model => model with { Engine = "ml" })]);
        return [.. models.Select(model => model.Engine == "reml" ? Refit(model, rows(model), cancellation) : model)];
    }

    /// <summary>What the refit says to the reader.</summary>
    public static ModelWarning Warning(IReadOnlyList<ComparedModel> models)
    {
        string[] names = [.. models.Where(model => model.Engine == "reml").Select(model => $"'{model.Name}'")];
        return new ModelWarning("refitted-ml", $"{string.Join(", ", names)} {(names.Length == 1 ? "was" : "were")} refitted by maximum likelihood instead of REML, as restricted likelihoods of different fixed effects cannot be compared.");
    }

    private static ComparedModel Refit(ComparedModel model, ModelRows rows, CancellationToken cancellation)
    {
        RequireSameRows(model, rows);
        MixedModelFit fit = LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false }, cancellation);
        return model with { Engine = fit.Engine, LogLikelihood = fit.LogLikelihood, Aic = fit.Aic, Bic = fit.Bic, Converged = fit.Converged, Data = model.Data ?? DataFingerprint.Of(rows) };
    }

    private static void RequireSameRows(ComparedModel model, ModelRows rows)
    {
        bool same = model.Data is { } data ? data == DataFingerprint.Of(rows) : model.Rows == rows.Rows;
        if (same) return;
        string counts = model.Data is { } known && known.Rows == rows.Rows ? "" : string.Create(CultureInfo.InvariantCulture, $" ({rows.Rows:#,0} rows are given, {model.Data?.Rows ?? model.Rows:#,0} were fitted)");
        throw new ModelException($"The data given are not those that '{model.Name}' was fitted to{counts}: its response, weights, trials or the order of its rows differ. Give the file of the fit, with the same --where and --group-data.");
    }
}
