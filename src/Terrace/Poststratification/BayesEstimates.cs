using Terrace.Bayes;
using Terrace.Design;
using Terrace.Inference.Posterior;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Poststratification;

/// <summary>
/// Estimates of areas by a Bayesian model: the mean and the quantiles of the areas' values over the posterior draws. A group without respondents has its own draw of the distribution of groups in every posterior
/// draw, independent of other such groups.
/// <para>θ_a⁽ˢ⁾ = Σ_c w_ac μ(x_c′β⁽ˢ⁾ + z_c′u⁽ˢ⁾); estimate: mean over s; interval: quantiles at (1 ∓ level)/2.</para>
/// <para>A. Gelman and T. C. Little (1997), Poststratification into many categories using hierarchical logistic regression, Survey Methodology 23. Cells × draws are streamed, never held. Pinned by <c>BayesMrpTests</c>.</para>
/// </summary>
internal static class BayesEstimates
{
    private const ulong NewLevelStream = 1UL << 42;
    private const string Meaning = "Intervals are quantiles of the posterior, which carries the uncertainty of all parameters; a group without respondents varies as the groups do.";

    /// <summary>Samples the posterior.</summary>
    /// <exception cref="ModelException">The priors do not suit the model.</exception>
    public static BayesianFit Sample(ModelRows rows, MrpOptions options, CancellationToken cancellation)
    {
        BayesianSettings settings = options.Bayes ?? new BayesianSettings();
        return BayesianFit.Sample(ModelOutline.Of(rows, options.Family), settings with { Engine = options.Engine ?? settings.Engine, Sampling = settings.Sampling with { Seed = options.Seed, Threads = options.Threads } }, cancellation);
    }

    /// <summary>The estimates of all areas.</summary>
    public static ModelEstimates Of(BayesianFit fit, MrpData data, MrpOptions options, CancellationToken cancellation)
    {
        CoefficientDraws predictions = Predictions(fit, data.Patterns, options);
        AreaWeights weights = data.Weights();
        Draws[] draws = Poststratify.Means(data.Groupings, weights, predictions, options.Threads, cancellation);
        IEnumerable<DrawSummary> summaries = draws.SelectMany(set => Enumerable.Range(0, set.Layout.Count).Select(a => DrawSummary.Of(set.Column(a), options.Level)));
        return new ModelEstimates
        {
            Areas = [.. summaries.Select(summary => double.IsNaN(summary.Mean) ? IntervalEstimate.None : new IntervalEstimate(summary.Mean, summary.Sd, summary.Lower, summary.Upper))],
            Meaning = Meaning,
            Covered = weights.Covered,
            Draws = draws,
            Parameters = fit.Draws,
        };
    }

    /// <summary>The draws as coefficients of the population's design, with effects drawn for its new groups.</summary>
    internal static CoefficientDraws Predictions(BayesianFit fit, DesignMatrices patterns, MrpOptions options)
    {
        ModelStructure structure = fit.Model.Structure;
        PredictorDesign predictor = structure.Predictors[0];
        int length = CoefficientDraws.Length(patterns);
        int[] start = CoefficientDraws.Starts(patterns);
        var coefficients = new double[checked(fit.Draws.Count * length)];
        var values = new double[fit.Draws.Layout.Count];
        NewLevelSampler[][] samplers = [.. structure.Terms.Select((term, k) => Enumerable.Range(0, patterns.RandomTerms[k].NewLevels.Count)
            .Select(level => new NewLevelSampler(options.NewLevelEffects, term.Levels.Count, term.Width, options.Seed, ((ulong)k << 32) + (ulong)level)).ToArray())];
        for (int draw = 0; draw < fit.Draws.Count; draw++)
        {
            fit.Draws.CopyDraw(draw, values);
            Span<double> own = coefficients.AsSpan(draw * length, length);
            for (int j = 0; j < predictor.Count; j++) own[predictor.Basis.Kept[predictor.First + j]] = values[predictor.Start + j];
            var rng = new Rng(options.Seed, NewLevelStream + (ulong)draw);
            int sd = fit.Model.DrawLayout.StandardDeviations, cor = fit.Model.DrawLayout.CorrelationStart;
            for (int k = 0; k < structure.Terms.Count; k++)
            {
                GroupTerm term = structure.Terms[k];
                values.AsSpan(fit.Model.DrawLayout.Effects + term.Start - structure.FixedCount, term.Count).CopyTo(own[start[k]..]);
                if (patterns.RandomTerms[k].NewLevels.Count > 0)
                {
                    for (int level = 0; level < samplers[k].Length; level++)
                        samplers[k][level].Into(values, fit.Model.DrawLayout.Effects + term.Start - structure.FixedCount, sd, cor, rng, own.Slice(start[k] + term.Count + level * term.Width, term.Width));
                }
                sd += term.Width;
                cor += CorrelationCoordinates.Count(term.Width);
            }
        }
        return new CoefficientDraws(patterns, options.Family, coefficients);
    }
}
