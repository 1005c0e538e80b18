using System.Globalization;
using Terrace.Design;
using Terrace.LinearModels;
using Terrace.Numerics.Distributions;

namespace Terrace.Poststratification;

/// <summary>Estimates all areas in the ways that <see cref="PoolingComparison"/> puts side by side.</summary>
internal sealed class Comparisons
{
    private const int MaxColumns = 1500;
    private const int Shown = 8;
    private const double Negligible = 1e-12;

    private readonly MrpData _data;
    private readonly MrpOptions _options;
    private readonly List<ModelWarning> _warnings = [];

    private Comparisons(MrpData data, MrpOptions options)
    {
        _data = data;
        _options = options;
    }

    /// <summary>The comparison for each grouping, and what went wrong on the way.</summary>
    public static (IReadOnlyList<PoolingComparison> Comparisons, IReadOnlyList<ModelWarning> Warnings) Of(
        MrpData data, MrpOptions options, FittedModel model, ModelEstimates partial, CancellationToken cancellation)
    {
        var comparisons = new Comparisons(data, options);
        double multiple = Normal.Quantile((1 + options.Level) / 2);
        IntervalEstimate[][] raw = PlainPoststratification.Raw(data.Survey, data.Rows, data.Responses, data.Groupings, multiple);
        ModelEstimates plain = comparisons.Plain(multiple);
        ModelEstimates complete = !model.HasGroups ? partial : comparisons.CompletePooling(cancellation);
        ModelEstimates none = !model.HasGroups ? partial : comparisons.NoPooling(cancellation);
        PoolingComparison[] all = [.. Enumerable.Range(0, data.Groupings.Count).Select(g => new PoolingComparison(data.Groupings[g].Grouping, data.Groupings[g].Levels, raw[g],
            plain.Of(data.Groupings, g), complete.Of(data.Groupings, g), none.Of(data.Groupings, g), partial.Of(data.Groupings, g)))];
        return (all, comparisons._warnings);
    }

    private ModelEstimates Plain(double multiple)
    {
        Areas cells = Areas.Of(_data.Population, new Grouping(_data.CellVariables));
        (IntervalEstimate[] estimates, AreaWeights weights) = PlainPoststratification.Weighted(_data.Population, _data.Survey, _data.Rows, _data.Responses, cells, _data.Groupings, multiple);
        WarnOfGaps("Plain poststratification", "cells without respondents", weights.Covered);
        return new ModelEstimates { Areas = estimates, Meaning = "", Covered = weights.Covered };
    }

    private ModelEstimates CompletePooling(CancellationToken cancellation)
    {
        ModelRows rows = _data.Rows with { Design = GroupsAsFixedEffects.Without(_data.Rows.Design) };
        return Fit("Complete pooling", rows, GroupsAsFixedEffects.Without(_data.Patterns), _ => true, cancellation);
    }

    private ModelEstimates NoPooling(CancellationToken cancellation)
    {
        int columns = GroupsAsFixedEffects.Columns(_data.Rows.Design);
        if (columns > MaxColumns)
        {
            return Nothing($"No pooling: {columns} fixed effects, one for each level of each grouping factor, are more than are fitted for a comparison ({MaxColumns}).");
        }
        ModelRows rows = _data.Rows with { Design = GroupsAsFixedEffects.Expand(_data.Rows.Design) };
        return Fit("No pooling", rows, GroupsAsFixedEffects.Expand(_data.Patterns), pattern => !GroupsAsFixedEffects.HasNewLevel(_data.Patterns, pattern), cancellation);
    }

    private ModelEstimates Fit(string name, ModelRows rows, DesignMatrices patterns, Func<int, bool> counted, CancellationToken cancellation)
    {
        try
        {
            GeneralizedLinearModelFit fit = FittedModel.FitWithoutGroups(rows, _options.Family, cancellation);
            ModelEstimates estimates = DeltaEstimates.Of(fit, _data, patterns, _options.Level, counted);
            // Aliased columns are the rule here, not a finding: groups repeat each other and the intercept.
            _warnings.AddRange(fit.Warnings.Where(warning => warning.Code != "aliased").Select(warning => warning with { Message = $"{name}: {warning.Message}" }));
            WarnOfGaps(name, "groups without respondents", estimates.Covered);
            return estimates;
        }
        catch (ModelException fault)
        {
            return Nothing($"{name} could not be fitted: {fault.Message}");
        }
    }

    private ModelEstimates Nothing(string reason)
    {
        _warnings.Add(new ModelWarning("group-not-estimable", reason));
        int areas = _data.Groupings.Sum(grouping => grouping.Count);
        return new ModelEstimates { Areas = [.. Enumerable.Repeat(IntervalEstimate.None, areas)], Meaning = "", Covered = new double[areas] };
    }

    private void WarnOfGaps(string name, string gap, IReadOnlyList<double> covered)
    {
        if (covered[0] < 1 - Negligible)
        {
            string share = (100 * (1 - covered[0])).ToString("0.##", CultureInfo.InvariantCulture);
            _warnings.Add(new ModelWarning("group-not-estimable", $"{name}: {gap}, {share} % of the population, cannot be estimated; the rest stands for the whole."));
        }
        int offset = 1;
        foreach (Areas areas in _data.Groupings.Skip(1))
        {
            string[] empty = [.. Enumerable.Range(0, areas.Count).Where(a => areas.Population[a] > 0 && !(covered[offset + a] > 0)).Select(a => string.Join(' ', areas.Levels[a]))];
            if (empty.Length > 0) _warnings.Add(new ModelWarning("group-not-estimable", $"{name}: no estimate for {List(empty)} by {areas.Grouping}."));
            offset += areas.Count;
        }
    }

    private static string List(string[] names) => string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? $" and {names.Length - Shown} more" : "");
}
