namespace Terrace.MixedModels;

/// <summary>
/// The distinct combinations of levels and covariates that the cells have in the terms of the tail. Whatever depends on the tail alone is computed once for each of them instead of once a cell:
/// a survey's thousands of cells of states by demographic groups have only as many patterns as there are demographic groups.
/// </summary>
/// <remarks>
/// Symbols: pattern of a cell -> <see cref="OfCell"/>; a cell that has it -> <see cref="Representative"/>. Where there are nearly as many patterns as cells every cell is its own pattern.
/// Check: TailCombinationTests, with patterns that repeat and that do not.
/// </remarks>
internal sealed class TailCombinations
{
    private TailCombinations(int[] ofCell, int[] representative)
    {
        OfCell = ofCell;
        Representative = representative;
    }

    /// <summary>The pattern of each cell.</summary>
    public int[] OfCell { get; }

    /// <summary>The first cell that has each pattern.</summary>
    public int[] Representative { get; }

    /// <summary>The number of patterns.</summary>
    public int Count => Representative.Length;

    /// <summary>Finds the patterns of cells with these levels and covariates per term.</summary>
    public static TailCombinations Of(RandomEffectsLayout layout, int[][] codes, double[][] z, int cells)
    {
        var pattern = new int[cells];
        int count = Math.Min(1, cells);
        for (int t = 0; t < codes.Length; t++)
        {
            var term = layout.Terms[t];
            if (term.IsLead) continue;
            count = Combine(pattern, count, codes[t], term.Levels.Count);
            for (int j = 0; j < term.Width && count <= cells / 2; j++)
            {
                if (Distinct(z[t], term.Width, j, cells / 2) is not { } values) return Each(cells);
                if (values.Count > 1) count = Combine(pattern, count, values.Of, values.Count);
            }
            if (count > cells / 2) return Each(cells);
        }
        return new TailCombinations(pattern, FirstCells(pattern, count));
    }

    private static TailCombinations Each(int cells)
    {
        int[] all = [.. Enumerable.Range(0, cells)];
        return new TailCombinations(all, all);
    }

    /// <summary>Numbers the pairs of pattern and code anew, in order of appearance, and returns how many there are.</summary>
    private static int Combine(int[] pattern, int count, int[] codes, int levels)
    {
        long pairs = (long)count * levels;
        if (pairs > Math.Max(1 << 16, 4L * pattern.Length)) return CombineSparse(pattern, codes, levels);
        var numbers = new int[pairs];
        int next = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            ref int number = ref numbers[pattern[i] * levels + codes[i]];
            if (number == 0) number = ++next;
            pattern[i] = number - 1;
        }
        return next;
    }

    private static int CombineSparse(int[] pattern, int[] codes, int levels)
    {
        var numbers = new Dictionary<long, int>();
        for (int i = 0; i < pattern.Length; i++)
        {
            long pair = (long)pattern[i] * levels + codes[i];
            if (!numbers.TryGetValue(pair, out int number)) numbers.Add(pair, number = numbers.Count);
            pattern[i] = number;
        }
        return numbers.Count;
    }

    /// <summary>The distinct values of covariate <paramref name="column"/>, numbered, or null if they are too many.</summary>
    private static (int[] Of, int Count)? Distinct(double[] z, int width, int column, int most)
    {
        var numbers = new Dictionary<double, int>();
        var of = new int[z.Length / width];
        double last = double.NaN;
        int number = 0;
        for (int i = 0; i < of.Length; i++)
        {
            double value = z[i * width + column];
            if (value != last && !numbers.TryGetValue(value, out number)) numbers.Add(value, number = numbers.Count);
            if (numbers.Count > most) return null;
            last = value;
            of[i] = number;
        }
        return (of, numbers.Count);
    }

    private static int[] FirstCells(int[] pattern, int count)
    {
        var first = new int[count];
        Array.Fill(first, -1);
        for (int i = 0; i < pattern.Length; i++)
        {
            if (first[pattern[i]] < 0) first[pattern[i]] = i;
        }
        return first;
    }
}
