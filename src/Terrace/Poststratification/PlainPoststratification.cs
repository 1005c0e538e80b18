using Terrace.Data;
using Terrace.Design;
using Terrace.Families;

namespace Terrace.Poststratification;

/// <summary>
/// Estimates without a model: the raw mean of the respondents in each area, and plain poststratification, the mean of each population cell's respondents weighted by the cell's count.
/// <para>θ_a = Σ_{c∈a, n_c>0} N_c ȳ_c / Σ_{c∈a, n_c>0} N_c; Var θ_a = Σ w_ac² Var ȳ_c.</para>
/// <para>N: counts, n and ȳ: respondents and their mean, w: shares. D. Holt and T. M. F. Smith (1979), Post stratification, Journal of the Royal Statistical Society A 142, conditional on
/// the n_c. Deviation: cells without respondents have no mean; they are left out, the rest stands for the whole, and <see cref="AreaWeights.Covered"/> says for how much of it.
/// Pinned by <c>PlainPoststratificationTests</c> and text 1's numbers.</para>
/// </summary>
internal static class PlainPoststratification
{
    /// <summary>The raw mean of the respondents of each area, one list for each grouping; nothing where the survey cannot tell the areas apart.</summary>
    public static IntervalEstimate[][] Raw(Frame survey, ModelRows rows, Observations responses, IReadOnlyList<Areas> groupings, double multiple) =>
        [.. groupings.Select(areas => Raw(survey, rows, responses, areas, multiple))];

    /// <summary>The poststratified mean of each area, with the cells that <paramref name="cells"/> makes of the population.</summary>
    public static (IntervalEstimate[] Estimates, AreaWeights Weights) Weighted(
        PoststratificationFrame population, Frame survey, ModelRows rows, Observations responses, Areas cells, IReadOnlyList<Areas> groupings, double multiple)
    {
        var means = new SampleMeans(responses, CellOfRow(survey, rows, cells), cells.Count);
        AreaWeights weights = AreaWeights.Of(population, groupings, cells.OfCell, cells.Count, means.HasRows);
        double[] estimates = new double[weights.Areas], variances = new double[weights.Areas];
        weights.Accumulate(0, means.Means, estimates);
        weights.AccumulateSquares(means.Variances(), variances);
        MeanRange range = MeanRange.Of(responses.Family);
        IntervalEstimate[] result = [.. Enumerable.Range(0, estimates.Length).Select(a =>
            weights.Covered[a] > 0 ? DeltaInterval.Of(estimates[a], Math.Sqrt(variances[a]), multiple, range) : IntervalEstimate.None)];
        return (result, weights);
    }

    private static IntervalEstimate[] Raw(Frame survey, ModelRows rows, Observations responses, Areas areas, double multiple)
    {
        var means = new SampleMeans(responses, CellOfRow(survey, rows, areas), areas.Count);
        double[] variances = means.Variances();
        MeanRange range = MeanRange.Of(responses.Family);
        return [.. Enumerable.Range(0, areas.Count).Select(a =>
            means.HasRows(a) ? DeltaInterval.Of(means.Means[a], Math.Sqrt(variances[a]), multiple, range) : IntervalEstimate.None)];
    }

    private static int[] CellOfRow(Frame survey, ModelRows rows, Areas cells)
    {
        int[]? areaOfRow = cells.Locate(survey);
        return Array.ConvertAll(rows.SourceRows, row => areaOfRow is null ? -1 : areaOfRow[row]);
    }
}
