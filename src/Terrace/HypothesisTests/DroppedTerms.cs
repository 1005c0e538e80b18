using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;

namespace Terrace.HypothesisTests;

/// <summary>
/// What each term of a model is worth: the model without it, by AIC and by the likelihood-ratio test against the whole model. Fixed terms as R's <c>drop1</c>: those that no other term
/// contains, fits by REML refitted by maximum likelihood. Random terms as lmerTest's <c>ranova</c>: each term without one of its covariates, or altogether, by the fit's own criterion.
/// </summary>
/// <remarks>2 (ℓ − ℓ₀) is asymptotically χ² with as many degrees of freedom as parameters fewer (Wilks (1938)). A variance of 0 is on the boundary, where that p-value is too large (Self and Liang (1987); Stram and Lee
/// (1994)). Tests: DroppedTermsTests (lme4, lmerTest).</remarks>
public sealed class DroppedTerms
{
    private DroppedTerms(bool random, bool refitted, FittedLikelihood whole, IReadOnlyList<DroppedTerm> rows, IReadOnlyList<ModelWarning> warnings)
    {
        (IsRandom, IsRefitted, Rows, Warnings) = (random, refitted, rows, warnings);
        (LogLikelihood, Parameters, Aic) = (whole.LogLikelihood, whole.Parameters, whole.Aic);
    }

    /// <summary>Whether the terms are random ones.</summary>
    public bool IsRandom { get; }

    /// <summary>Whether a fit by REML was refitted by maximum likelihood for these tests.</summary>
    public bool IsRefitted { get; }

    /// <summary>The log likelihood of the whole model (restricted for random terms of a REML fit).</summary>
    public double LogLikelihood { get; }

    /// <summary>The number of parameters of the whole model.</summary>
    public int Parameters { get; }

    /// <summary>Akaike's criterion of the whole model.</summary>
    public double Aic { get; }

    /// <summary>The model without each term.</summary>
    public IReadOnlyList<DroppedTerm> Rows { get; }

    /// <summary>What makes a test doubtful: <c>refitted-ml</c>, <c>boundary-test</c>, <c>not-converged</c>.</summary>
    public IReadOnlyList<ModelWarning> Warnings { get; }

    /// <summary>Drops each fixed term of a mixed model; <paramref name="information"/> is that of the fit.</summary>
    /// <exception cref="ModelException">A smaller model cannot be fitted.</exception>
    public static DroppedTerms OfFixed(MixedModelFit fit, ModelFrame frame, ModelRows rows, Information information = Information.Observed, CancellationToken cancellation = default)
    {
        bool refit = fit.Engine == "reml";
        Func<ModelRows, FittedLikelihood> fitter = ModelRefit.Like(fit, byMaximumLikelihood: true, information, cancellation);
        return Fixed(frame, rows, refit, refit ? fitter(rows) : ModelRefit.Of(fit), fitter);
    }

    /// <summary>Drops each term of a linear or generalised linear model.</summary>
    /// <exception cref="ModelException">The family has no likelihood, or a smaller model cannot be fitted.</exception>
    public static DroppedTerms OfFixed(GeneralizedLinearModelFit fit, ModelFrame frame, ModelRows rows, CancellationToken cancellation = default)
    {
        if (!fit.Family.HasLikelihood)
            throw new ModelException($"The {fit.Family.Name} family has no likelihood, so that terms cannot be dropped by likelihood-ratio tests; type II tests (type2) use its quasi-likelihood.");
        return Fixed(frame, rows, false, ModelRefit.Of(fit), ModelRefit.Like(fit, cancellation));
    }

    /// <summary>Drops random terms, and covariates of random terms, by the criterion of the fit; <paramref name="information"/> is that of the fit.</summary>
    /// <exception cref="ModelException">A smaller model cannot be fitted.</exception>
    public static DroppedTerms OfRandom(MixedModelFit fit, ModelFrame frame, ModelRows rows, Information information = Information.Observed, CancellationToken cancellation = default)
    {
        Func<ModelRows, FittedLikelihood> fitter = ModelRefit.Like(fit, byMaximumLikelihood: false, information, cancellation);
        FittedLikelihood whole = ModelRefit.Of(fit);
        DroppedTerm[] dropped = [.. RandomReductions.Of(frame, rows).Select(reduction => Compare(reduction.Label, whole, fitter(reduction.Rows)))];
        var boundary = new ModelWarning("boundary-test", "Each test sets a variance to 0, the boundary of what it can be, where the p-value is too large (conservative); where one variance alone is tested (1 df), half of it is right.");
        return new DroppedTerms(true, false, whole, dropped, dropped.Length == 0 ? [] : [boundary, .. NotConverged(dropped)]);
    }

    private static DroppedTerms Fixed(ModelFrame frame, ModelRows rows, bool refitted, FittedLikelihood whole, Func<ModelRows, FittedLikelihood> fitter)
    {
        IReadOnlyList<FormulaTerm> terms = frame.Formula.FixedTerms;
        var dropped = new List<DroppedTerm>();
        foreach (FormulaTerm term in terms.Where(term => !terms.Any(other => TermHypotheses.Contains(other, term))))
            dropped.Add(Compare(term.Label, whole, fitter(ReducedDesign.WithFixedTerms(frame, rows, [.. terms.Where(other => other != term)]))));
        ModelWarning[] note = refitted ? [new ModelWarning("refitted-ml", "The fits were refitted by maximum likelihood, as restricted likelihoods of different fixed effects cannot be compared.")] : [];
        return new DroppedTerms(false, refitted, whole, dropped, [.. note, .. NotConverged(dropped)]);
    }

    private static DroppedTerm Compare(string label, FittedLikelihood whole, FittedLikelihood reduced)
    {
        int df = whole.Parameters - reduced.Parameters;
        double chiSquare = Math.Max(0, 2 * (whole.LogLikelihood - reduced.LogLikelihood));
        return new DroppedTerm(label, df, reduced.LogLikelihood, reduced.Aic, chiSquare, df > 0 ? ChiSquared.UpperTail(chiSquare, df) : double.NaN, reduced.Converged);
    }

    private static IEnumerable<ModelWarning> NotConverged(IEnumerable<DroppedTerm> rows) => rows.Where(row => !row.Converged)
        .Select(row => new ModelWarning("not-converged", $"The model without '{row.Term}' did not converge: its test is not final."));
}

/// <summary>A model without one term, against the whole model.</summary>
/// <param name="Term">The term that is left out.</param>
/// <param name="Df">How many parameters fewer the model has.</param>
/// <param name="LogLikelihood">Its log likelihood.</param>
/// <param name="Aic">Its AIC.</param>
/// <param name="ChiSquare">Twice the loss of log likelihood.</param>
/// <param name="PValue">The probability of a χ² at least as large; NaN without degrees of freedom.</param>
/// <param name="Converged">Whether the search ended at an optimum.</param>
public sealed record DroppedTerm(string Term, int Df, double LogLikelihood, double Aic, double ChiSquare, double PValue, bool Converged);
