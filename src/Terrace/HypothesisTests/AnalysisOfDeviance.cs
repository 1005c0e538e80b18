using Terrace.Design;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.HypothesisTests;

/// <summary>Analysis of deviance: the terms of a generalised linear model tested by what leaving them out costs, each smaller model fitted.</summary>
/// <remarks>
/// <para>χ² = D₀ − D where the dispersion is known, F = (D₀ − D)/(q φ̂) on q and the residual degrees of freedom where it is estimated, φ̂ Pearson's of the whole model. McCullagh and Nelder (1989),
/// <em>Generalized Linear Models</em>, sections 2.3 and 4.4. Which models are compared: type I, the terms up to the one before and up to this; type II, all terms that do not contain the term, without and with
/// it; type III, the whole model and its columns but those of the term, by contrasts that add up to 0 over the levels (<see cref="TermTestKind.Averaged"/>) or as they are.</para>
/// <para>Check: AnalysisOfDevianceTests (R's anova, car's Anova).</para>
/// </remarks>
public static class AnalysisOfDeviance
{
    /// <summary>The tests of the terms of <paramref name="fit"/>; of a linear model they are its F tests.</summary>
    /// <exception cref="ModelException">A smaller model cannot be fitted.</exception>
    public static TermTests Of(GeneralizedLinearModelFit fit, ModelFrame frame, ModelRows rows, TermTestKind kind, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Linear is not null) return TermTests.Of(FixedEffectsEstimates.Of(fit, frame, rows), kind);
        IReadOnlyList<FormulaTerm> terms = frame.Formula.FixedTerms;
        var deviances = new Deviances(fit, cancellation);
        var tests = new TermTest[terms.Count];
        for (int t = 0; t < tests.Length; t++)
        {
            var (smaller, larger) = Pair(fit, frame, rows, kind, t);
            tests[t] = new TermTest(terms[t].Label, smaller is null ? new HypothesisTest("Chisq", double.NaN, 0, null, double.NaN) : deviances.Test(smaller, larger));
        }
        return new TermTests(kind, "likelihood-ratio", tests, TermTestWarnings.Of(frame, kind, tests));
    }

    /// <summary>The rows of the two models, the larger null for the whole model; no smaller one where the question has no answer.</summary>
    private static (ModelRows? Smaller, ModelRows? Larger) Pair(GeneralizedLinearModelFit fit, ModelFrame frame, ModelRows rows, TermTestKind kind, int t)
    {
        IReadOnlyList<FormulaTerm> terms = frame.Formula.FixedTerms;
        if (kind == TermTestKind.Sequential)
            return (ReducedDesign.WithFixedTerms(frame, rows, [.. terms.Take(t)]), ReducedDesign.WithFixedTerms(frame, rows, [.. terms.Take(t + 1)]));
        if (kind == TermTestKind.Marginal)
        {
            FormulaTerm[] beside = [.. terms.Where(term => !TermHypotheses.Contains(term, terms[t]))];
            return (ReducedDesign.WithFixedTerms(frame, rows, [.. beside.Where(term => term != terms[t])]), ReducedDesign.WithFixedTerms(frame, rows, beside));
        }
        if (kind == TermTestKind.Averaged && new TermHypotheses(FixedEffectsEstimates.Of(fit, frame, rows)).Of(t, kind) is null) return (null, null);
        ModelRows coded = kind == TermTestKind.AsCoded ? rows : Averaged(frame, rows);
        return (ReducedDesign.WithColumns(coded, [.. Enumerable.Range(0, frame.Assign.Count).Where(j => frame.Assign[j] != t + 1)]), null);
    }

    private static ModelRows Averaged(ModelFrame frame, ModelRows rows)
    {
        DesignColumns plan = frame.PlanFixed(frame.Formula.FixedTerms, new ContrastCoding(ContrastKind.Simple));
        Matrix map = DesignMapping.Between(frame.Fixed, plan, frame.Coding.Variables)
            ?? throw new ModelException("The terms of this formula cannot be coded by contrasts that add up to 0, so there are no type III tests; use type II.");
        return rows with { Design = rows.Design with { X = Gemm.Product(rows.Design.X, false, map, false), ColumnNames = plan.Names, Assign = plan.Assign } };
    }

    /// <summary>Fits the smaller models and compares their deviances.</summary>
    private sealed class Deviances(GeneralizedLinearModelFit fit, CancellationToken cancellation)
    {
        public HypothesisTest Test(ModelRows smaller, ModelRows? larger)
        {
            GeneralizedLinearModelFit without = Refit(smaller);
            GeneralizedLinearModelFit with = larger is null ? fit : Refit(larger);
            int df = without.ResidualDf - with.ResidualDf;
            double loss = Math.Max(0, without.Deviance - with.Deviance);
            if (fit.Family.HasKnownDispersion) return new HypothesisTest("Chisq", df == 0 ? double.NaN : loss, df, null, df == 0 ? double.NaN : ChiSquared.UpperTail(loss, df));
            double statistic = loss / df / fit.Dispersion;
            return new HypothesisTest("F", df == 0 ? double.NaN : statistic, df, fit.ResidualDf, df == 0 ? double.NaN : FisherF.UpperTail(statistic, df, fit.ResidualDf));
        }

        private GeneralizedLinearModelFit Refit(ModelRows rows) => GeneralizedLinearModel.Fit(rows, fit.Family, ModelRefit.Exact, cancellation);
    }
}
