using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.HypothesisTests;

/// <summary>Where a table of term tests answers another question than its reader may think.</summary>
internal static class TermTestWarnings
{
    /// <summary>The warnings for tests of <paramref name="kind"/>.</summary>
    public static IReadOnlyList<ModelWarning> Of(ModelFrame frame, TermTestKind kind, IReadOnlyList<TermTest> rows)
    {
        var warnings = new List<ModelWarning>();
        if (kind is TermTestKind.Averaged or TermTestKind.AsCoded) warnings.AddRange(Interactions(frame, kind));
        string[] unanswered = [.. rows.Where(row => double.IsNaN(row.Test.Statistic)).Select(row => $"'{row.Term}'")];
        if (unanswered.Length > 0)
            warnings.Add(new ModelWarning("not-estimable", $"{string.Join(", ", unanswered)} cannot be tested: the data lack combinations of levels that the question is about, or the columns are combinations of others. Type II tests ask less; or leave out the interaction."));
        return warnings;
    }

    private static IEnumerable<ModelWarning> Interactions(ModelFrame frame, TermTestKind kind)
    {
        IReadOnlyList<FormulaTerm> terms = frame.Formula.FixedTerms;
        FormulaTerm[] parts = [.. terms.Where(term => terms.Any(other => TermHypotheses.Contains(other, term)))];
        if (parts.Length == 0) yield break;
        var variables = frame.Coding.Variables.ToDictionary(variable => variable.Expression);
        FormulaTerm[] within = [.. terms.Where(term => parts.Any(part => TermHypotheses.Contains(term, part)))];
        ModelVariable[] crossed = [.. within.SelectMany(term => term.Variables).Distinct().Select(expression => variables[expression])];
        ModelVariable[] treatment = [.. crossed.Where(variable => variable.IsFactor && frame.ContrastsOf(variable).Kind == ContrastKind.Treatment)];
        if (treatment.Length > 0)
        {
            string names = string.Join(", ", treatment.Select(variable => $"'{variable.Name}'"));
            yield return new ModelWarning("interaction-coding", kind == TermTestKind.AsCoded
                ? $"{names} {(treatment.Length == 1 ? "has" : "have")} treatment contrasts, so that terms inside an interaction are tested at the reference levels only, which is seldom meant: code by --contrasts NAME=sum, or ask for type III or type II."
                : $"type III averages equally over the levels of {names}; the coefficients above, by treatment contrasts, are those at the reference levels and have other tests.");
        }
        string[] numbers = [.. crossed.Where(variable => !variable.IsFactor).Select(variable => $"'{variable.Name}'")];
        if (numbers.Length > 0)
            yield return new ModelWarning("covariate-at-zero", $"type III tests the other terms of interactions with {string.Join(", ", numbers)} where {(numbers.Length == 1 ? "it is" : "they are")} 0; centre {(numbers.Length == 1 ? "it" : "them")} if 0 means nothing.");
    }
}
