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
        int areas = groupings.Sum(g => g.Count);
        var sums = new SortedDictionary<(int Pattern, int Area), double>();
        var totals = new double[areas];
        var kept = new double[areas];
        for (int cell = 0; cell < patternOfCell.Length; cell++)
        {
            double count = frame.Counts[cell];
            if (count == 0) continue;
            int pattern = patternOfCell[cell];
            bool isCounted = pattern >= 0 && (counted is null || counted(pattern));
            int offset = 0;
            foreach (Areas grouping in groupings)
            {
                int area = offset + grouping.OfCell[cell];
                totals[area] += count;
                if (isCounted)
                {
                    kept[area] += count;
                    sums[(pattern, area)] = sums.GetValueOrDefault((pattern, area)) + count;
                }
                offset += grouping.Count;
            }
        }
        return Compress(sums, kept, totals, patterns);
    }

    /// <summary>Adds weight × value of patterns <paramref name="first"/> onwards to the sums of the areas, in the order of the patterns.</summary>
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

    private static AreaWeights Compress(SortedDictionary<(int Pattern, int Area), double> sums, double[] kept, double[] totals, int patterns)
    {
        var start = new int[patterns + 1];
        var area = new int[sums.Count];
        var weight = new double[sums.Count];
        int k = 0;
        foreach (((int pattern, int a), double sum) in sums)
        {
            start[pattern + 1]++;
            area[k] = a;
            weight[k++] = sum / kept[a];
        }
        for (int pattern = 0; pattern < patterns; pattern++) start[pattern + 1] += start[pattern];
        double[] covered = [.. kept.Zip(totals, (part, whole) => whole > 0 ? part / whole : 0)];
        return new AreaWeights(start, area, weight, covered);
    }
}
