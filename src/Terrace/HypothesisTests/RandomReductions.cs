using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.HypothesisTests;

/// <summary>
/// The smaller models that test random terms: (x + z | g) without x and without z in turn, where no other covariate contains it; a term that has but an intercept, or would have nothing left, goes altogether.
/// </summary>
/// <remarks>The reductions are those of lmerTest's <c>ranova</c> (Kuznetsova et al. 2017), as a fact of its tables. Tests: DroppedTermsTests.</remarks>
internal static class RandomReductions
{
    /// <summary>The reductions of the model's random terms in the order of the formula.</summary>
    public static IEnumerable<(string Label, ModelRows Rows)> Of(ModelFrame frame, ModelRows rows)
    {
        IReadOnlyList<RandomTerm> terms = frame.Formula.RandomTerms;
        for (int t = 0; t < terms.Count; t++)
        {
            RandomTerm term = terms[t];
            FormulaTerm[] removable = [.. term.Terms.Where(covariate => !term.Terms.Any(other => TermHypotheses.Contains(other, covariate)))];
            if (term.Terms.Count == 0 || (!term.HasIntercept && term.Terms.Count == 1))
            {
                yield return (term.ToString(), ReducedDesign.WithoutRandomTerm(rows, t));
                continue;
            }
            foreach (FormulaTerm covariate in removable)
            {
                RandomTerm reduced = term with { Terms = [.. term.Terms.Where(other => other != covariate)] };
                yield return ($"{covariate.Label} in {term}", ReducedDesign.WithRandomTerm(frame, rows, t, reduced));
            }
        }
    }
}
