namespace Terrace.MixedModels;

/// <summary>
/// Which random columns of the tail meet each level of the lead factor: the compressed rows of the lead-by-tail block of Z'WZ. It depends on the codes alone.
/// </summary>
/// <remarks>Bates et al. (2015), section 3.4, for the sparsity of Z'WZ. Symbols: the tail columns that level l meets -> <c>Columns[Starts[l] .. Starts[l + 1]]</c>, ascending. Check: BlockedCholeskyTests.</remarks>
internal sealed class CouplingPattern
{
    public CouplingPattern(int[] starts, int[] columns, SparseTail? sparse = null)
    {
        Starts = starts;
        Columns = columns;
        Sparse = sparse;
    }

    /// <summary>Where each lead level's columns begin; one entry more than levels.</summary>
    public int[] Starts { get; }

    /// <summary>The tail columns, ascending within a level; all components of a level of a tail term stand together.</summary>
    public int[] Columns { get; }

    /// <summary>How the tail is kept sparse; null where it is dense.</summary>
    public SparseTail? Sparse { get; }

    /// <summary>The number of random tail columns that a lead level meets.</summary>
    public int Count(int level) => Starts[level + 1] - Starts[level];

    /// <summary>The largest number of random tail columns that a lead level meets.</summary>
    public int LargestCount()
    {
        int largest = 0;
        for (int l = 0; l + 1 < Starts.Length; l++) largest = Math.Max(largest, Count(l));
        return largest;
    }

    /// <summary>Finds the pattern of the cells and chooses how the tail is solved; <paramref name="codes"/> are the levels of each term in the layout's order.</summary>
    public static CouplingPattern Of(RandomEffectsLayout layout, int[] leadCodes, int[][] codes, Factorisation factorisation = Factorisation.Automatic, bool mayIterate = false)
    {
        var starts = new int[layout.LeadLevels + 1];
        var columns = new List<int>();
        var lastLevel = new int[layout.TailColumns];
        Array.Fill(lastLevel, -1);
        var byLevel = CellsByLevel(leadCodes, layout.LeadLevels);
        for (int l = 0; l < layout.LeadLevels; l++)
        {
            AddLevel(layout, codes, byLevel, l, lastLevel, columns);
            columns.Sort(starts[l], columns.Count - starts[l], null);
            starts[l + 1] = columns.Count;
        }
        int[] all = [.. columns];
        return new CouplingPattern(starts, all, TailChoice.Of(layout, starts, all, codes, factorisation, mayIterate));
    }

    /// <summary>The place within <see cref="Columns"/> of the first component of each cell's level of a tail term.</summary>
    public int[] Locate(RandomEffectsLayout layout, RandomTermLayout term, int[] leadCodes, int[] codes)
    {
        var positions = new int[codes.Length];
        var placeOf = new int[layout.TailColumns];
        var byLevel = CellsByLevel(leadCodes, layout.LeadLevels);
        int first = term.Start - layout.LeadColumns, width = term.Width;
        for (int l = 0; l < layout.LeadLevels; l++)
        {
            for (int place = Starts[l]; place < Starts[l + 1]; place++) placeOf[Columns[place]] = place;
            for (int k = byLevel.Starts[l]; k < byLevel.Starts[l + 1]; k++) positions[byLevel.Cells[k]] = placeOf[first + codes[byLevel.Cells[k]] * width];
        }
        return positions;
    }

    private static void AddLevel(RandomEffectsLayout layout, int[][] codes, (int[] Starts, int[] Cells) byLevel, int level, int[] lastLevel, List<int> columns)
    {
        for (int t = 0; t < codes.Length; t++)
        {
            var term = layout.Terms[t];
            if (term.IsLead) continue;
            int start = term.Start - layout.LeadColumns, width = term.Width;
            for (int k = byLevel.Starts[level]; k < byLevel.Starts[level + 1]; k++)
            {
                int first = start + codes[t][byLevel.Cells[k]] * width;
                if (lastLevel[first] == level) continue;
                lastLevel[first] = level;
                for (int j = 0; j < width; j++) columns.Add(first + j);
            }
        }
    }

    /// <summary>The cells of each level.</summary>
    internal static (int[] Starts, int[] Cells) CellsByLevel(int[] codes, int levels)
    {
        var starts = new int[levels + 1];
        foreach (int code in codes) starts[code + 1]++;
        for (int l = 0; l < levels; l++) starts[l + 1] += starts[l];
        var next = starts.AsSpan(0, levels).ToArray();
        var cells = new int[codes.Length];
        for (int i = 0; i < codes.Length; i++) cells[next[codes[i]]++] = i;
        return (starts, cells);
    }
}
