using Terrace.Design;
using Terrace.Inference.Posterior;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Poststratification;

/// <summary>
/// Estimates of areas by a mixed model, with quantiles of draws of all parameters as intervals: variance parameters from their marginal posterior (boundary included), then the
/// coefficients given them. A group without respondents has its own draw from N(0, Σ) in every draw of the parameters, shared by all cells of the group and independent of other such groups;
/// the other terms of its cells, such as its region's effect, stay.
/// <para>θ_a⁽ˢ⁾ = Σ_c w_ac μ(x_c′β⁽ˢ⁾ + z_c′b⁽ˢ⁾); interval: quantiles at (1 ∓ level)/2; sd: that of the draws; estimate: at the modes.</para>
/// <para>A. Gelman and T. C. Little (1997), Poststratification into many categories using hierarchical logistic regression, Survey Methodology 23; the draws are those of
/// <see cref="VarianceParameterSampler"/>. Pinned by <c>DrawEstimatesTests</c> (new groups independent) and <c>IntervalCoverageTests</c>.</para>
/// </summary>
internal static class DrawEstimates
{
    private const ulong NewLevelStream = 1UL << 41;

    private const string Meaning = "Intervals are quantiles of draws of all parameters, which carry the uncertainty of the variances between groups; a group without respondents varies as the groups do.";

    /// <summary>Estimates with intervals from draws.</summary>
    /// <exception cref="ModelException">The posterior of the variance parameters cannot be drawn from.</exception>
    public static ModelEstimates Of(FittedModel model, MrpData data, MrpOptions options, out IReadOnlyList<ModelWarning> warnings, CancellationToken cancellation)
    {
        MixedModelDraws parameters = Sample(model, options, cancellation);
        warnings = parameters.Warnings;
        CoefficientDraws predictions = Predictions(model.Mixed!, parameters, data.Patterns, options);
        AreaWeights weights = data.Weights();
        Draws[] draws = Poststratify.Means(data.Groupings, weights, predictions, options.Threads, cancellation);
        double[] estimates = ModeEstimates.Of(model, data, options.Family, weights);
        IEnumerable<DrawSummary> summaries = draws.SelectMany(set => Enumerable.Range(0, set.Layout.Count).Select(a => DrawSummary.Of(set.Column(a), options.Level)));
        return new ModelEstimates
        {
            Areas = [.. estimates.Zip(summaries, (estimate, summary) => double.IsNaN(estimate) ? IntervalEstimate.None : new IntervalEstimate(estimate, summary.Sd, summary.Lower, summary.Upper))],
            Meaning = Meaning,
            Covered = weights.Covered,
            Draws = draws,
            Parameters = parameters.ToDraws(),
        };
    }

    /// <summary>Estimates with the averaged bounds of the cells; a cell's standard error is the sd of its draws.</summary>
    public static ModelEstimates WithAveragedBounds(FittedModel model, MrpData data, MrpOptions options, out IReadOnlyList<ModelWarning> warnings, CancellationToken cancellation)
    {
        ModelEstimates right = Of(model, data, options, out warnings, cancellation);
        CoefficientDraws predictions = Predictions(model.Mixed!, Sample(model, options, cancellation), data.Patterns, options);
        double[] errors = PatternErrors(predictions);
        return AveragedBounds.Replace(right, data.Weights(), ModeEstimates.Patterns(model, data, options.Family), errors);
    }

    /// <summary>The draws as coefficients of the population's design, with effects drawn for its new groups.</summary>
    internal static CoefficientDraws Predictions(MixedModelFit fit, MixedModelDraws parameters, DesignMatrices patterns, MrpOptions options)
    {
        int length = CoefficientDraws.Length(patterns);
        var coefficients = new double[checked(parameters.Count * length)];
        int[] start = CoefficientDraws.Starts(patterns);
        for (int draw = 0; draw < parameters.Count; draw++)
        {
            Span<double> own = coefficients.AsSpan(draw * length, length);
            ReadOnlySpan<double> beta = parameters.FixedEffects(draw);
            for (int j = 0; j < beta.Length; j++) own[j] = double.IsNaN(beta[j]) ? 0 : beta[j];
            var rng = new Rng(options.Seed, NewLevelStream + (ulong)draw);
            foreach (RandomTermFit term in fit.TermsInFormulaOrder) WriteTerm(parameters, draw, term, patterns.RandomTerms[term.FormulaPosition], own[start[term.FormulaPosition]..], rng);
        }
        return new CoefficientDraws(patterns, fit.Family, coefficients);
    }

    private static void WriteTerm(MixedModelDraws parameters, int draw, RandomTermFit term, RandomTermDesign design, Span<double> effects, Rng rng)
    {
        int width = term.TermNames.Count, known = term.Levels.Count;
        for (int level = 0; level < known; level++) parameters.CopyRandomEffects(draw, term, level, effects.Slice(level * width, width));
        if (design.NewLevels.Count == 0) return;
        var factor = parameters.CovarianceFactor(draw, term);
        for (int level = 0; level < design.NewLevels.Count; level++) EffectDraw.Into(factor, 1, effects.Slice((known + level) * width, width), rng);
    }

    private static MixedModelDraws Sample(FittedModel model, MrpOptions options, CancellationToken cancellation) =>
        VarianceParameterSampler.Sample(model.Mixed!, options.Draws, new Rng(options.Seed, 0), options.Threads, cancellation);

    private static double[] PatternErrors(CoefficientDraws predictions)
    {
        double[] means = new double[predictions.Cells], squares = new double[predictions.Cells], current = new double[predictions.Cells];
        for (int draw = 0; draw < predictions.Draws; draw++)
        {
            predictions.Predict(draw, 0, current);
            for (int i = 0; i < current.Length; i++)
            {
                double deviation = current[i] - means[i];
                means[i] += deviation / (draw + 1);
                squares[i] += deviation * (current[i] - means[i]);
            }
        }
        return Array.ConvertAll(squares, sum => Math.Sqrt(sum / (predictions.Draws - 1)));
    }
}
