using System.Globalization;
using Terrace.SavedFits;

namespace Terrace.Cli.Printing;

/// <summary>What <c>terrace compare</c> prints: the models' formulas, then a table as lme4's <c>anova</c> has it.</summary>
internal static class CompareText
{
    /// <summary>Writes <paramref name="comparison"/>.</summary>
    public static void Write(TextWriter output, ModelComparison comparison)
    {
        ComparedModel first = comparison.Models[0];
        output.WriteLine($"{comparison.Models.Count} models of {first.Response}: {first.Family} ({first.Link}), {NumberText.Count(first.Rows)} rows{(first.Engine == "reml" ? ", by REML" : "")}");
        ScreenTable formulas = new ScreenTable().Words("model").Words("formula", 90);
        foreach (ComparedModel model in comparison.Models) formulas.Add(model.Name, string.Join("; ", model.ComponentFormulas.Select(part => $"{part.Key} {part.Value}").Prepend(model.Formula)));
        formulas.Write(output);
        output.WriteLine();
        ScreenTable table = new ScreenTable().Words("model").Numbers("df").Numbers("logLik").Numbers("AIC").Numbers("BIC").Numbers("deviance").Numbers("chisq").Numbers("chi df").Numbers("p");
        AddRow(table, first, null);
        foreach (LikelihoodRatioTest test in comparison.Tests) AddRow(table, test.Larger, test);
        table.Write(output);
        output.WriteLine();
        output.WriteLine($"{(first.Engine == "reml" ? "restricted log likelihoods; " : "")}deviance: -2 logLik; each test is against the model in the line above");
    }

    /// <summary>Writes the comparison of Bayesian fits.</summary>
    public static void Write(TextWriter output, LooComparison comparison)
    {
        output.WriteLine($"{comparison.Models.Count} Bayesian models of {NumberText.Count(comparison.Models[0].Rows)} rows, by leave-one-out cross-validation");
        ScreenTable table = new ScreenTable().Words("model").Words("formula", 80).Numbers("elpd").Numbers("se").Numbers("difference").Numbers("its se").Numbers("weight");
        foreach (LooComparedModel model in comparison.Models)
            table.Add(model.Name, model.Formula, NumberText.Fixed(model.Elpd, 1), NumberText.Fixed(model.StandardError, 1), NumberText.Fixed(model.Difference, 1), NumberText.Fixed(model.DifferenceError, 1), NumberText.Fixed(model.Weight, 2));
        table.Write(output);
        output.WriteLine();
        output.WriteLine("elpd: expected log density of a new response, larger is better; differences are from the best model, and below about 4, or two of their standard errors, say little.");
        output.WriteLine("weight: the share in the best mixture of the predictive distributions (stacking).");
    }

    private static void AddRow(ScreenTable table, ComparedModel model, LikelihoodRatioTest? test) => table.Add(
        model.Name, Whole(model.Df), NumberText.Fixed(model.LogLikelihood, 3), NumberText.Fixed(model.Aic, 2), NumberText.Fixed(model.Bic, 2), NumberText.Fixed(model.Deviance, 3),
        test is null ? "" : NumberText.Fixed(test.ChiSquare, 3), test is null ? "" : Whole(test.Df), test is null ? "" : NumberText.Significant(test.PValue, 3));

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
