using Terrace.Inference.Posterior;

namespace Terrace.Poststratification;

/// <summary>
/// Weights a model's predictions for the cells of a population to estimates for its areas.
/// <para>θ_a = Σ_{c∈a} N_c μ_c / Σ_{c∈a} N_c; the total is T_a = θ_a Σ_{c∈a} N_c. With draws μ_c⁽ˢ⁾ of the predictions, θ_a⁽ˢ⁾ are draws of the estimate.</para>
/// <para>a: area, c: cell, N: <see cref="PoststratificationFrame.Counts"/>, μ: predictions.</para>
/// <para>A. Gelman and T. C. Little (1997), Poststratification into many categories using hierarchical logistic regression, Survey Methodology 23, section 2.1. Draws are
/// streamed in tiles of cells: memory is draws × areas, whatever the number of cells. Each draw adds its cells in one order, so the bits do not depend on the number of threads.
/// Pinned by <c>PoststratifyTests</c>: equal to the plain double sum; merging equal cells and scaling the counts change no mean.</para>
/// </summary>
public static class Poststratify
{
    private const int TileCells = 512;
    private const int BlockDraws = 32;

    /// <summary>The mean of each area, given one prediction for each cell of the population; NaN where the area has nobody.</summary>
    /// <exception cref="ArgumentException">The number of predictions is not that of the cells.</exception>
    public static double[] Means(PoststratificationFrame frame, Areas areas, ReadOnlySpan<double> predictions)
    {
        double[] totals = Totals(frame, areas, predictions);
        for (int a = 0; a < totals.Length; a++) totals[a] /= areas.Population[a];
        return totals;
    }

    /// <summary>The total of each area, given one prediction for each cell of the population.</summary>
    /// <exception cref="ArgumentException">The number of predictions is not that of the cells.</exception>
    public static double[] Totals(PoststratificationFrame frame, Areas areas, ReadOnlySpan<double> predictions)
    {
        if (predictions.Length != frame.Counts.Length) throw new ArgumentException($"{frame.Counts.Length} cells need as many predictions, not {predictions.Length}.", nameof(predictions));
        var sums = new CompensatedSum[areas.Count];
        for (int cell = 0; cell < predictions.Length; cell++)
        {
            // Nobody lives in an empty cell; its prediction, even an undefined one, counts for nothing.
            if (frame.Counts[cell] > 0) sums[areas.OfCell[cell]].Add(frame.Counts[cell] * predictions[cell]);
        }
        return Array.ConvertAll(sums, sum => sum.Value);
    }

    /// <summary>
    /// Draws of the mean of each area: one chain, with a column <c>mean[level,…]</c> for each area, <c>mean</c> without grouping. The predictions are for the cells of the population.
    /// </summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Draws Means(PoststratificationFrame frame, Areas areas, ICellPredictions predictions, int threads = 1, CancellationToken cancellation = default)
    {
        if (predictions.Cells != frame.Counts.Length) throw new ArgumentException($"{frame.Counts.Length} cells need as many predictions, not {predictions.Cells}.", nameof(predictions));
        int[] identity = [.. Enumerable.Range(0, predictions.Cells)];
        AreaWeights weights = AreaWeights.Of(frame, [areas], identity, predictions.Cells);
        return Means([areas], weights, predictions, threads, cancellation)[0];
    }

    /// <summary>Draws of the means of several groupings in one pass over the predictions, which are for the patterns of <paramref name="weights"/>.</summary>
    internal static Draws[] Means(IReadOnlyList<Areas> groupings, AreaWeights weights, ICellPredictions predictions, int threads, CancellationToken cancellation)
    {
        int draws = predictions.Draws;
        var means = new double[weights.Areas * draws];
        int blocks = (draws + BlockDraws - 1) / BlockDraws;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation };
        Parallel.For(0, blocks, options, block => AddBlock(weights, predictions, block * BlockDraws, means));
        return Split(groupings, means, draws);
    }

    private static void AddBlock(AreaWeights weights, ICellPredictions predictions, int firstDraw, double[] means)
    {
        int count = Math.Min(BlockDraws, predictions.Draws - firstDraw), areas = weights.Areas;
        var sums = new double[count * areas];
        var tile = new double[Math.Min(TileCells, weights.Patterns)];
        for (int first = 0; first < weights.Patterns; first += TileCells)
        {
            Span<double> values = tile.AsSpan(0, Math.Min(TileCells, weights.Patterns - first));
            for (int d = 0; d < count; d++)
            {
                predictions.Predict(firstDraw + d, first, values);
                weights.Accumulate(first, values, sums.AsSpan(d * areas, areas));
            }
        }
        for (int a = 0; a < areas; a++)
        {
            for (int d = 0; d < count; d++) means[a * predictions.Draws + firstDraw + d] = weights.Covered[a] > 0 ? sums[d * areas + a] : double.NaN;
        }
    }

    private static Draws[] Split(IReadOnlyList<Areas> groupings, double[] means, int draws)
    {
        var split = new Draws[groupings.Count];
        int offset = 0;
        for (int g = 0; g < split.Length; g++)
        {
            Areas areas = groupings[g];
            Variable variable = areas.Grouping.Variables.Count == 0 ? new Variable("mean") : new Variable("mean", [.. areas.Levels.Select(levels => string.Join(',', levels))]);
            split[g] = new Draws(new VariableLayout([variable]), 1, draws, means.AsSpan(offset * draws, areas.Count * draws).ToArray());
            offset += areas.Count;
        }
        return split;
    }
}
