using Terrace.Formulas;

namespace Terrace.HypothesisTests;

/// <summary>The tests of all terms of a model's fixed effects.</summary>
/// <remarks>F or χ² as <see cref="FixedEffectsEstimates"/> has them, of the hypotheses of <see cref="TermHypotheses"/>. Tests: TermTestsTests.</remarks>
public sealed class TermTests
{
    internal TermTests(TermTestKind kind, string method, IReadOnlyList<TermTest> rows, IReadOnlyList<ModelWarning> warnings) => (Kind, Method, Rows, Warnings) = (kind, method, rows, warnings);

    /// <summary>What is asked.</summary>
    public TermTestKind Kind { get; }

    /// <summary>How it is answered: <c>residual</c>, <c>satterthwaite</c>, <c>kenward-roger</c>, <c>asymptotic</c> (Wald), or <c>likelihood-ratio</c>.</summary>
    public string Method { get; }

    /// <summary>The tests in the order of the model's terms.</summary>
    public IReadOnlyList<TermTest> Rows { get; }

    /// <summary>What the reader should know: <c>interaction-coding</c>, <c>covariate-at-zero</c>, <c>not-estimable</c>.</summary>
    public IReadOnlyList<ModelWarning> Warnings { get; }

    /// <summary>Tests the terms by Wald's statistic, as F where the estimates have degrees of freedom.</summary>
    public static TermTests Of(FixedEffectsEstimates estimates, TermTestKind kind)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        IReadOnlyList<FormulaTerm> terms = estimates.Frame.Formula.FixedTerms;
        var hypotheses = new TermHypotheses(estimates);
        var rows = new TermTest[terms.Count];
        for (int t = 0; t < rows.Length; t++)
            rows[t] = new TermTest(terms[t].Label, hypotheses.Of(t, kind) is { } l ? estimates.Test(l) : new HypothesisTest(estimates.Method == "asymptotic" ? "Chisq" : "F", double.NaN, 0, null, double.NaN));
        return new TermTests(kind, estimates.Method, rows, TermTestWarnings.Of(estimates.Frame, kind, rows));
    }
}

/// <summary>The test of one term.</summary>
/// <param name="Term">The term as R labels it.</param>
/// <param name="Test">Its test.</param>
public sealed record TermTest(string Term, HypothesisTest Test);
