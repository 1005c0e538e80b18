namespace Terrace.Poststratification;

/// <summary>
/// Multilevel regression and poststratification, the whole way: compares the levels of survey and population, fits the model, weights its predictions to the population and to the areas asked for, with
/// intervals, and puts the result beside other ways to estimate and beside the truth where it is known.
/// </summary>
/// <remarks>
/// <para>A. Gelman and T. C. Little (1997), Poststratification into many categories using hierarchical logistic regression, Survey Methodology 23. The estimates are those of <see cref="Poststratify"/>, the
/// intervals those of <see cref="MrpInterval"/>. Pinned by <c>StudentsMrpTests</c> and <c>Election88MrpTests</c>.</para>
/// </remarks>
public static class Mrp
{
    /// <summary>Compares the levels of survey and population for the variables of the formula that both have, and fits nothing: for a proposal of a map.</summary>
    /// <exception cref="Data.DataException">The map names an unknown variable or level.</exception>
    public static LevelComparison CompareLevels(MrpOptions options) => MrpData.CompareLevels(options);

    /// <summary>Runs it.</summary>
    /// <exception cref="TerraceException">Data, formula or model are at fault; the message says what, where, and what to do.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static MrpResult Run(MrpOptions options, CancellationToken cancellation = default)
    {
        if (!(options.Level is > 0 and < 1)) throw new ModelException($"The level of an interval lies between 0 and 1, not at {options.Level}; 0.95 is usual.");
        if (options.Draws < 2) throw new ModelException($"An interval needs at least 2 draws, not {options.Draws}.");
        MrpData data = MrpData.Prepare(options);
        FittedModel model = options.Engine is "nuts" or "approx" or "gibbs" or "pathfinder" or "meanfield" or "fullrank"
            ? FittedModel.Of(BayesEstimates.Sample(data.Rows, options, cancellation))
            : FittedModel.Fit(data.Rows, options.Family, options.Engine, options.Information, cancellation);
        ModelEstimates estimates = Estimate(model, data, options, out IReadOnlyList<ModelWarning> drawing, cancellation);
        (IReadOnlyList<PoolingComparison> comparison, IReadOnlyList<ModelWarning> comparing) = Comparisons.Of(data, options, model, estimates, cancellation);
        AreaEstimates[] areas = [.. Enumerable.Range(0, data.Groupings.Count).Select(g =>
            AreaEstimates.Of(data.Groupings[g], data.Groupings[g].Respondents(data.Survey, data.Rows.SourceRows), estimates.Of(data.Groupings, g)))];
        return new MrpResult
        {
            Options = options,
            Engine = model.Engine,
            ModelFrame = data.ModelFrame,
            Rows = data.Rows,
            LinearFit = model.Linear,
            MixedFit = model.Mixed,
            BayesianFit = model.Bayesian,
            Population = data.Population.Population,
            Overall = areas[0].Rows[0].Estimate,
            By = areas[1..],
            Comparison = comparison,
            Truth = options.Truth is null ? null : TruthComparison.Of(options.Map.Apply(options.Truth), areas[1..], options.TruthColumn, MeanRange.Of(options.Family)),
            Levels = data.Levels,
            Parameters = estimates.Parameters,
            Estimates = estimates.Draws,
            FailedReplicates = estimates.Failed,
            IntervalMeaning = estimates.Meaning,
            Warnings = [.. RunWarnings.Of(data, options, model, estimates), .. drawing, .. comparing],
        };
    }

    private static ModelEstimates Estimate(FittedModel model, MrpData data, MrpOptions options, out IReadOnlyList<ModelWarning> warnings, CancellationToken cancellation)
    {
        warnings = [];
        if (model.Bayesian is { } bayesian)
        {
            if (options.Interval.Kind != MrpIntervalKind.Default) throw new ModelException("A Bayesian model has the quantiles of its posterior as intervals; leave the kind of interval out.");
            return BayesEstimates.Of(bayesian, data, options, cancellation);
        }
        if (options.Interval.IsBootstrap) return BootstrapEstimates.Of(model, data, options, cancellation);
        bool isArticle = options.Interval.Kind == MrpIntervalKind.Article;
        if (model.Linear is { } linear) return isArticle ? DeltaEstimates.WithAveragedBounds(linear, data, options.Level) : DeltaEstimates.Of(linear, data, data.Patterns, options.Level);
        return isArticle ? DrawEstimates.WithAveragedBounds(model, data, options, out warnings, cancellation) : DrawEstimates.Of(model, data, options, out warnings, cancellation);
    }
}
