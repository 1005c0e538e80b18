using System.Runtime.CompilerServices;

namespace Terrace.Poststratification;

/// <summary>
/// The share of each covariate pattern in the population of each area, for several groupings at once, stored pattern by pattern: cells of the population that a model
/// predicts alike are added up first.
/// </summary>
internal sealed class AreaWeights
{
    private readonly int[] _start;
    private readonly int[] _area;
    private readonly double[] _weight;

    private AreaWeights(int[] start, int[] area, double[] weight, double[] covered)
    {
        _start = start;
        _area = area;
        _weight = weight;
        Covered = covered;
    }

    /// <summary>The number of areas of all groupings together.</summary>
    public int Areas => Covered.Length;

    /// <summary>The number of patterns.</summary>
    public int Patterns => _start.Length - 1;

    /// <summary>The share of each area's population whose patterns are counted; the weights of an area add up to 1 unless nothing of it is counted.</summary>
    public double[] Covered { get; }

    /// <summary>
    /// The weights of <paramref name="groupings"/>, one after the other. A cell whose pattern is −1 or not <paramref name="counted"/> is left out, and the rest of its area
    /// stands for the whole.
    /// </summary>
    public static AreaWeights Of(PoststratificationFrame frame, IReadOnlyList<Areas> groupings, ReadOnlySpan<int> patternOfCell, int patterns, Func<int, bool>? counted = null)
    {
        int[] firstArea = FirstAreas(groupings);
        double[] totals = new double[firstArea[^1]], kept = new double[firstArea[^1]];
        int[] cells = CellsByPattern(patternOfCell, patterns, out int[] firstCell);
        var start = new int[patterns + 1];
        var area = new List<int>();
        var weight = new List<double>();
        var place = new int[firstArea[^1]];
        Array.Fill(place, -1);
        foreach (int cell in cells.AsSpan(0, firstCell[0])) AddTotals(groupings, firstArea, cell, frame.Counts[cell], totals);
        for (int pattern = 0; pattern < patterns; pattern++)
        {
            bool isCounted = counted is null || counted(pattern);
            foreach (int cell in cells.AsSpan(firstCell[pattern], firstCell[pattern + 1] - firstCell[pattern]))
            {
                double count = frame.Counts[cell];
                AddTotals(groupings, firstArea, cell, count, totals);
                for (int g = 0; g < groupings.Count && isCounted && count > 0; g++) Add(firstArea[g] + groupings[g].OfCell[cell], count, start[pattern]);
            }
            start[pattern + 1] = area.Count;
        }
        return Normalize(start, [.. area], [.. weight], kept, totals);

        void Add(int a, double count, int firstEntry)
        {
            kept[a] += count;
            if (place[a] < firstEntry)
            {
                place[a] = area.Count;
                area.Add(a);
                weight.Add(0);
            }
            weight[place[a]] += count;
        }
    }

    /// <summary>Adds weight × value of patterns <paramref name="first"/> onwards to the sums of the areas, in the order of the patterns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Accumulate(int first, ReadOnlySpan<double> values, Span<double> sums)
    {
        for (int i = 0; i < values.Length; i++)
        {
            for (int k = _start[first + i]; k < _start[first + i + 1]; k++) sums[_area[k]] += _weight[k] * values[i];
        }
    }

    /// <summary>Adds weight² × value of every pattern to the sums of the areas: the variance of a weighted mean of independent values.</summary>
    public void AccumulateSquares(ReadOnlySpan<double> variances, Span<double> sums)
    {
        for (int i = 0; i < variances.Length; i++)
        {
            for (int k = _start[i]; k < _start[i + 1]; k++) sums[_area[k]] += _weight[k] * _weight[k] * variances[i];
        }
    }

    private static AreaWeights Normalize(int[] start, int[] area, double[] weight, double[] kept, double[] totals)
    {
        for (int k = 0; k < weight.Length; k++) weight[k] /= kept[area[k]];
        double[] covered = [.. kept.Zip(totals, (part, whole) => whole > 0 ? part / whole : 0)];
        return new AreaWeights(start, area, weight, covered);
    }

    // Where the areas of each grouping begin among all; the last is their number.
    private static int[] FirstAreas(IReadOnlyList<Areas> groupings)
    {
        var first = new int[groupings.Count + 1];
        for (int g = 0; g < groupings.Count; g++) first[g + 1] = first[g] + groupings[g].Count;
        return first;
    }

    // The cells pattern by pattern, in their order within each; those without a pattern come first, up to firstCell[0].
    private static int[] CellsByPattern(ReadOnlySpan<int> patternOfCell, int patterns, out int[] firstCell)
    {
        firstCell = new int[patterns + 1];
        foreach (int pattern in patternOfCell) firstCell[pattern + 1]++;
        for (int pattern = 0; pattern < patterns; pattern++) firstCell[pattern + 1] += firstCell[pattern];
        int[] next = [0, .. firstCell];
        var cells = new int[patternOfCell.Length];
        for (int cell = 0; cell < cells.Length; cell++) cells[next[patternOfCell[cell] + 1]++] = cell;
        return cells;
    }

    private static void AddTotals(IReadOnlyList<Areas> groupings, int[] firstArea, int cell, double count, double[] totals)
    {
        for (int g = 0; g < groupings.Count; g++) totals[firstArea[g] + groupings[g].OfCell[cell]] += count;
    }
}
