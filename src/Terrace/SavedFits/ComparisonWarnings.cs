using System.Globalization;

namespace Terrace.SavedFits;

/// <summary>What makes a comparison of models doubtful without making it wrong.</summary>
internal static class ComparisonWarnings
{
    /// <summary>What concerns the models whatever is tested.</summary>
    public static IEnumerable<ModelWarning> Of(IReadOnlyList<ComparedModel> models)
    {
        string[] unknown = [.. models.Where(model => model.Data is null).Select(model => $"'{model.Name}'")];
        if (unknown.Length > 0)
            yield return new ModelWarning("data-not-verified", $"{string.Join(", ", unknown)} {(unknown.Length == 1 ? "does" : "do")} not say what data it was fitted to (an earlier version wrote the file): only the number of rows and the response's name were compared. Save the fit again to have its data checked.");
        foreach (ComparedModel model in models.Where(model => !model.Converged))
            yield return new ModelWarning("not-converged", $"'{model.Name}' did not converge: its log likelihood, and every test with it, is not final.");
        string[] approximations = [.. models.Select(model => model.Engine).Where(engine => engine is not ("ml" or "reml")).Distinct()];
        if (approximations.Length > 1)
            yield return new ModelWarning("approximations-differ", $"The likelihoods are approximated in different ways ({string.Join(", ", approximations)}): part of their difference is the approximations'. Fit all models with one engine.");
    }

    /// <summary>What concerns one test.</summary>
    public static IEnumerable<ModelWarning> Of(LikelihoodRatioTest test)
    {
        string pair = $"'{test.Smaller.Name}' and '{test.Larger.Name}'";
        bool isNested = ModelNesting.IsShown(test.Smaller, test.Larger);
        if (test.Df == 0)
            yield return new ModelWarning("not-nested", $"{pair} have equally many parameters ({test.Larger.Df}), so that neither can be tested inside the other; compare their AIC or BIC.");
        else if (!isNested)
            yield return new ModelWarning("not-nested", $"The test of {pair} assumes that the first is a special case of the second, which their terms do not show. If it is not, disregard the p-value; AIC and BIC remain comparable.");
        else if (test.Larger.LogLikelihood < test.Smaller.LogLikelihood - 1e-4)
            yield return new ModelWarning("not-converged", $"'{test.Larger.Name}' contains '{test.Smaller.Name}' and yet fits worse: it is not at its optimum.");
        if (isNested && test.Df > 0 && ComponentNesting.AddsZeroInflation(test.Smaller, test.Larger))
            yield return new ModelWarning("boundary-test", $"'{test.Smaller.Name}' against '{test.Larger.Name}': the probability of structural zeros is tested at 0, the boundary of what it can be, where the p-value is too large (conservative). AIC and BIC remain comparable.");
        IReadOnlyList<string> variances = test.Df > 0 ? ModelNesting.VariancesTested(test.Smaller, test.Larger) : [];
        if (variances.Count > 0 && isNested) yield return Boundary(test, variances);
    }

    // Self and Liang (1987), case 5; Stram and Lee (1994): with one variance and nothing else the reference is the mixture of chi-square with 0 and with 1 degrees of freedom.
    private static ModelWarning Boundary(LikelihoodRatioTest test, IReadOnlyList<string> variances)
    {
        string what = variances.Count == 1 ? $"the variance of {variances[0]} is" : $"the variances of {string.Join(", ", variances)} are";
        string half = variances.Count == 1 && test.Df == 1
            ? $" With this one variance alone, half of it is right: {(0.5 * test.PValue!.Value).ToString("g3", CultureInfo.InvariantCulture)}."
            : "";
        return new ModelWarning("boundary-test", $"'{test.Smaller.Name}' against '{test.Larger.Name}': {what} tested at 0, the boundary of what a variance can be, where the p-value is too large (conservative).{half}");
    }
}
