using System.Globalization;
using Terrace.Design;
using Terrace.Families;
using Terrace.Inference.Posterior;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Poststratification;

/// <summary>
/// The parametric bootstrap of poststratified estimates: responses are drawn from the fitted model, the model is refitted to them and poststratified, again and again.
/// <para>y* ~ p(y | β̂, b), θ*_a = Σ_c w_ac μ_c(β̂*, b̂*); sd_a = sd of θ*_a; interval θ̂_a ± z sd_a.</para>
/// <para>b = b̂ (group effects kept, as lme4's <c>bootMer(use.u = TRUE)</c>) or b* ~ N(0, Σ̂), new ones for every replicate (<c>use.u = FALSE</c>).</para>
/// <para>B. Efron and R. J. Tibshirani (1993), An Introduction to the Bootstrap, sections 6.5 and 13.3; D. Bates et al. (2015), Fitting linear mixed-effects models using lme4,
/// section 5.2. Replicates that cannot be fitted, or do not converge, are counted and left out. Each replicate has its own stream of random numbers, so that the bits do not depend on the number of threads.
/// Pinned by <c>MrpTests</c> and text 1's interval.</para>
/// </summary>
internal static class BootstrapEstimates
{
    private const ulong FirstStream = 1UL << 40;
    private const int FewestReplicates = 2;

    private const string Kept = "Intervals are estimate ± z sd of a parametric bootstrap that keeps the group effects at their estimates: how much the estimate would vary if the same groups were asked again. "
        + "Each refit shrinks the groups once more, so the replicates' mean lies off the estimate.";

    private const string Redrawn = "Intervals are estimate ± z sd of a parametric bootstrap with new group effects in every replicate: how much estimates vary between populations with other groups, not about this one.";

    private const string NoGroups = "Intervals are estimate ± z sd of a parametric bootstrap: how much the estimate would vary if others were asked.";

    /// <summary>Estimates with bootstrap intervals.</summary>
    /// <exception cref="ModelException">The family cannot be simulated, or fewer than two replicates could be fitted.</exception>
    public static ModelEstimates Of(FittedModel model, MrpData data, MrpOptions options, CancellationToken cancellation)
    {
        double[] replicates = Replicate(model, data, options, out int failed, cancellation);
        AreaWeights weights = data.Weights();
        Draws[] draws = Poststratify.Means(data.Groupings, weights, new CoefficientDraws(data.Patterns, options.Family, replicates), options.Threads, cancellation);
        double[] estimates = ModeEstimates.Of(model, data, options.Family, weights);
        double multiple = Normal.Quantile((1 + options.Level) / 2);
        MeanRange range = MeanRange.Of(options.Family);
        IEnumerable<double> sds = draws.SelectMany(set => Enumerable.Range(0, set.Layout.Count).Select(a => SampleMoments.StandardDeviation(set.Column(a))));
        return new ModelEstimates
        {
            Areas = [.. estimates.Zip(sds, (estimate, sd) => DeltaInterval.Of(estimate, sd, multiple, range))],
            Meaning = model.Mixed is null ? NoGroups : options.Interval.Kind == MrpIntervalKind.Bootstrap ? Kept : Redrawn,
            Covered = weights.Covered,
            Draws = draws,
            Failed = failed,
        };
    }

    // The coefficients of all replicates that could be fitted, in their order.
    private static double[] Replicate(FittedModel model, MrpData data, MrpOptions options, out int failed, CancellationToken cancellation) => model.Mixed is { } mixed
        ? WithGroups(mixed, data.Patterns, options, out failed, cancellation)
        : WithoutGroups(model.Linear!, data, options, out failed, cancellation);

    private static double[] WithGroups(MixedModelFit fit, DesignMatrices patterns, MrpOptions options, out int failed, CancellationToken cancellation)
    {
        int length = CoefficientDraws.Length(patterns);
        var statistic = new BootstrapStatistic([.. Enumerable.Range(0, length).Select(i => i.ToString(CultureInfo.InvariantCulture))], (refitted, values) => Write(fit, refitted, patterns, values));
        BootstrapResult result = ParametricBootstrap.Run(fit, new BootstrapOptions
        {
            Replicates = options.Interval.Replicates,
            Seed = options.Seed,
            KeepGroupEffects = options.Interval.Kind == MrpIntervalKind.Bootstrap,
            Threads = options.Threads,
            Progress = options.Progress,
        }, statistic, cancellation);
        failed = result.Failed.Count;
        var lost = result.Failed.Select(f => f.Replicate).ToHashSet();
        return [.. Enumerable.Range(0, result.Replicates).Where(r => !lost.Contains(r)).SelectMany(r => Enumerable.Range(0, length).Select(j => result.Value(r, j)))];
    }

    private static void Write(MixedModelFit fit, RefittedModel refitted, DesignMatrices patterns, Span<double> coefficients)
    {
        coefficients.Clear();
        for (int j = 0; j < refitted.Beta.Count; j++) coefficients[j] = double.IsNaN(refitted.Beta[j]) ? 0 : refitted.Beta[j];
        int[] start = CoefficientDraws.Starts(patterns);
        for (int t = 0; t < fit.Terms.Count; t++)
        {
            RandomTermFit term = fit.Terms[t];
            int width = term.TermNames.Count, first = start[term.FormulaPosition];
            for (int level = 0; level < term.Levels.Count; level++)
            {
                for (int j = 0; j < width; j++) coefficients[first + level * width + j] = refitted.RandomEffect(t, level, j);
            }
        }
    }

    private static double[] WithoutGroups(GeneralizedLinearModelFit fit, MrpData data, MrpOptions options, out int failed, CancellationToken cancellation)
    {
        int total = options.Interval.Replicates, done = 0, failures = 0;
        var simulation = new ResponseSimulation(data.Responses, fit.Dispersion);
        double[] means = CellMeans(fit, data, options);
        var coefficients = new double[total][];
        Parallel.For(0, total, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancellation }, replicate =>
        {
            ModelRows rows = simulation.Draw(data.Rows, means, new Rng(options.Seed, FirstStream + (ulong)replicate));
            coefficients[replicate] = Refit(rows, data.Patterns, options, cancellation);
            int failedNow = coefficients[replicate].Length == 0 ? Interlocked.Increment(ref failures) : Volatile.Read(ref failures);
            options.Progress?.Report(new ReplicateProgress(Interlocked.Increment(ref done), total, failedNow));
        });
        failed = failures;
        if (total - failures < FewestReplicates) throw new ModelException($"{failures} of {total} bootstrap replicates could not be fitted, so there is no interval; use the default interval, or simplify the model.");
        return [.. coefficients.SelectMany(values => values)];
    }

    private static double[] Refit(ModelRows rows, DesignMatrices patterns, MrpOptions options, CancellationToken cancellation)
    {
        try
        {
            GeneralizedLinearModelFit fit = FittedModel.FitWithoutGroups(rows, options.Family, cancellation);
            if (!fit.Converged) return [];
            var coefficients = new double[CoefficientDraws.Length(patterns)];
            new FittedModel("ml", fit, null).Write(patterns, coefficients);
            return coefficients;
        }
        catch (ModelException)
        {
            // A simulated survey that the model cannot be fitted to, such as one with only successes, is a failed replicate.
            return [];
        }
    }

    private static double[] CellMeans(GeneralizedLinearModelFit fit, MrpData data, MrpOptions options)
    {
        DesignMatrices design = data.Rows.Design;
        var coefficients = new double[CoefficientDraws.Length(design)];
        new FittedModel("ml", fit, null).Write(design, coefficients);
        var means = new double[design.Rows];
        new CoefficientDraws(design, options.Family, coefficients).Predict(0, 0, means);
        return means;
    }
}
