namespace Terrace.MixedModels;

/// <summary>
/// Which levels of the tail's terms occur together in a cell: the blocks of the tail's part of Z'WZ that are not zero. A node is one level of one term, with all its columns.
/// </summary>
/// <remarks>
/// <para>Symbols: later nodes that node I meets -> <c>Partners[Starts[I] .. Starts[I + 1]]</c>, ascending; an entry of that list is called a pair, and its block is (columns of the partner) × (columns of I).</para>
/// <para>Bates et al. (2015), section 3.4, for the sparsity of Z'WZ. Check: SparseTailTests.</para>
/// </remarks>
internal sealed class TailPattern
{
    /// <summary>Restores a pattern; the arrays are not copied.</summary>
    public TailPattern(RandomEffectsLayout layout, int[] starts, int[] partners)
    {
        (Starts, Partners) = (starts, partners);
        FirstNode = new int[layout.Terms.Count];
        Term = new int[NodeCount(layout)];
        FirstColumn = new int[Term.Length + 1];
        DiagonalStart = new int[Term.Length + 1];
        for (int t = 0, node = 0; t < FirstNode.Length; t++)
        {
            FirstNode[t] = node;
            int k = layout.Terms[t].Width;
            for (int l = 0; l < layout.Terms[t].Levels.Count && !layout.Terms[t].IsLead; l++, node++)
            {
                Term[node] = t;
                FirstColumn[node + 1] = FirstColumn[node] + k;
                DiagonalStart[node + 1] = checked(DiagonalStart[node] + k * k);
            }
        }
        NodeOf = new int[FirstColumn[^1]];
        for (int i = 0; i < Term.Length; i++) Array.Fill(NodeOf, i, FirstColumn[i], Width(i));
        BlockStart = new int[partners.Length + 1];
        for (int i = 0; i < Term.Length; i++)
        {
            for (int e = starts[i]; e < starts[i + 1]; e++) BlockStart[e + 1] = checked(BlockStart[e] + Width(i) * Width(partners[e]));
        }
    }

    /// <summary>The number of nodes.</summary>
    public int Nodes => Term.Length;

    /// <summary>The first node of each term; without meaning for terms of the lead factor.</summary>
    public int[] FirstNode { get; }

    /// <summary>The term of each node.</summary>
    public int[] Term { get; }

    /// <summary>The first tail column of each node; one entry more than nodes.</summary>
    public int[] FirstColumn { get; }

    /// <summary>The node of each tail column.</summary>
    public int[] NodeOf { get; }

    /// <summary>Where each node's diagonal block begins.</summary>
    public int[] DiagonalStart { get; }

    /// <summary>Where each node's pairs begin.</summary>
    public int[] Starts { get; }

    /// <summary>The later node of each pair.</summary>
    public int[] Partners { get; }

    /// <summary>Where each pair's block begins.</summary>
    public int[] BlockStart { get; }

    /// <summary>The number of columns of a node.</summary>
    public int Width(int node) => FirstColumn[node + 1] - FirstColumn[node];

    /// <summary>The number of levels of all terms of the tail.</summary>
    public static int NodeCount(RandomEffectsLayout layout) => layout.Terms.Where(t => !t.IsLead).Sum(t => t.Levels.Count);

    /// <summary>Finds the pattern of the cells; <paramref name="codes"/> are the levels of each term in the layout's order.</summary>
    public static TailPattern Of(RandomEffectsLayout layout, int[][] codes)
    {
        int nodes = NodeCount(layout), node = 0;
        int[] starts = new int[nodes + 1], lastSeen = new int[nodes];
        Array.Fill(lastSeen, -1);
        var partners = new List<int>();
        for (int a = 0; a < codes.Length; a++)
        {
            if (layout.Terms[a].IsLead) continue;
            var (first, cells) = CouplingPattern.CellsByLevel(codes[a], layout.Terms[a].Levels.Count);
            for (int level = 0; level + 1 < first.Length; level++, node++)
            {
                AddPartners(layout, codes, a, cells.AsSpan(first[level], first[level + 1] - first[level]), node, lastSeen, partners);
                partners.Sort(starts[node], partners.Count - starts[node], null);
                starts[node + 1] = partners.Count;
            }
        }
        return new TailPattern(layout, starts, [.. partners]);
    }

    /// <summary>The pair of each cell's levels of two terms of the tail, the first before the second.</summary>
    public int[] Locate(int first, int[] firstCodes, int second, int[] secondCodes)
    {
        var places = new int[firstCodes.Length];
        for (int i = 0; i < places.Length; i++)
        {
            int node = FirstNode[first] + firstCodes[i];
            places[i] = Array.BinarySearch(Partners, Starts[node], Starts[node + 1] - Starts[node], FirstNode[second] + secondCodes[i]);
        }
        return places;
    }

    private static void AddPartners(RandomEffectsLayout layout, int[][] codes, int term, ReadOnlySpan<int> cells, int node, int[] lastSeen, List<int> partners)
    {
        int firstNode = 0;
        for (int t = 0; t < codes.Length; t++)
        {
            if (layout.Terms[t].IsLead) continue;
            for (int c = 0; c < cells.Length && t > term; c++)
            {
                int partner = firstNode + codes[t][cells[c]];
                if (lastSeen[partner] == node) continue;
                lastSeen[partner] = node;
                partners.Add(partner);
            }
            firstNode += layout.Terms[t].Levels.Count;
        }
    }
}
