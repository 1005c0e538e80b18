using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>
/// A tail that is kept sparse: the pattern of its cross-products, and (unless it is only to be multiplied by) the order in which the levels of its terms are eliminated.
/// </summary>
/// <remarks>
/// <para>Every lead level joins the tail's levels that it meets into a clique of the Schur complement, and the levels that meet within a cell meet within its lead level: the graph of the Schur complement is the union of
/// the lead levels' cliques. Nested factors give small cliques and no fill: Bates et al. (2015), section 3.4, for the fill-reducing permutation; here the lead factor goes first by construction and
/// <see cref="MinimumDegree"/> orders the rest.</para>
/// <para>Check: SparseTailTests.</para>
/// </remarks>
internal sealed class SparseTail
{
    private readonly int[]? _order;
    private readonly CliqueGraph? _graph;
    private readonly Dictionary<int, SupernodalStructure> _structures = [];

    private SparseTail(TailPattern pattern, CliqueGraph? graph, int[]? order)
    {
        (Pattern, _graph, _order) = (pattern, graph, order);
    }

    public TailPattern Pattern { get; }

    /// <summary>Whether there is an order of elimination, so that the matrix can be factored.</summary>
    public bool IsOrdered => _order is not null;

    /// <summary>The multiplications of one factor, without fixed effects.</summary>
    public double Multiplications => Structure(0).Flops;

    /// <summary>The lead levels of each supernode, by the earliest of their columns: <c>Levels[LevelStarts[s] .. LevelStarts[s + 1]]</c>.</summary>
    public int[] LevelStarts { get; private set; } = [];

    public int[] Levels { get; private set; } = [];

    /// <summary>The pairs of each supernode, by the earlier of their nodes.</summary>
    public int[] PairStarts { get; private set; } = [];

    public int[] Pairs { get; private set; } = [];

    /// <summary>The earlier node (in the pattern) of each pair.</summary>
    public int[] PairNode { get; private set; } = [];

    /// <summary>A tail without an order.</summary>
    public static SparseTail Unordered(TailPattern pattern) => new(pattern, null, null);

    /// <summary>A tail ordered for elimination, or null when its factor would take more than <paramref name="flopLimit"/> multiplications.</summary>
    public static SparseTail? Ordered(TailPattern pattern, int[] couplingStarts, int[] couplingColumns, double flopLimit)
    {
        var graph = TailCliques.Of(pattern, couplingStarts, couplingColumns);
        if (MinimumDegree.Order(graph, flopLimit) is not { } order) return null;
        var tail = new SparseTail(pattern, graph, order);
        var structure = tail.Structure(0);
        if (structure.Flops > 2 * flopLimit || structure.Entries > Array.MaxLength / 2 || structure.LargestFront > 40_000) return null;
        tail.Attach(structure, couplingStarts, couplingColumns);
        return tail;
    }

    /// <summary>Where the factor has entries, with so many fixed effects as a dense border.</summary>
    public SupernodalStructure Structure(int border)
    {
        lock (_structures)
        {
            if (!_structures.TryGetValue(border, out var structure))
                _structures[border] = structure = SupernodalStructure.Of(_graph ?? throw NotOrdered(), _order!, border);
            return structure;
        }
    }

    /// <summary>The refusal of an exact factor.</summary>
    public static ModelException NotOrdered() => new("This model was fitted iteratively, for an exact factor of its random effects would be too large; what needs one (draws, standard deviations of predictions, profiles, "
        + "degrees of freedom) is not available. Merge levels or leave a grouping factor out, or ask for the factorisation 'sparse' if time and memory allow.");

    /// <summary>Assigns lead levels and pairs to the supernodes, which are the same for every border.</summary>
    private void Attach(SupernodalStructure structure, int[] couplingStarts, int[] couplingColumns)
    {
        var ofLevel = new int[couplingStarts.Length - 1];
        for (int l = 0; l < ofLevel.Length; l++)
        {
            int earliest = int.MaxValue;
            for (int a = couplingStarts[l]; a < couplingStarts[l + 1]; a++) earliest = Math.Min(earliest, structure.Position[couplingColumns[a]]);
            ofLevel[l] = earliest == int.MaxValue ? -1 : structure.SupernodeOf[earliest];
        }
        (LevelStarts, Levels) = Group(ofLevel, structure.Supernodes + 1);
        PairNode = new int[Pattern.Partners.Length];
        var ofPair = new int[PairNode.Length];
        for (int i = 0; i < Pattern.Nodes; i++)
        {
            for (int e = Pattern.Starts[i]; e < Pattern.Starts[i + 1]; e++)
            {
                PairNode[e] = i;
                int earliest = Math.Min(structure.Position[Pattern.FirstColumn[i]], structure.Position[Pattern.FirstColumn[Pattern.Partners[e]]]);
                ofPair[e] = structure.SupernodeOf[earliest];
            }
        }
        (PairStarts, Pairs) = Group(ofPair, structure.Supernodes + 1);
    }

    /// <summary>The indices with each value from 0 on; those with −1 are left out.</summary>
    private static (int[] Starts, int[] Members) Group(int[] values, int count)
    {
        var starts = new int[count + 1];
        foreach (int value in values)
        {
            if (value >= 0) starts[value + 1]++;
        }
        for (int v = 0; v < count; v++) starts[v + 1] += starts[v];
        int[] next = starts[..^1];
        var members = new int[starts[^1]];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= 0) members[next[values[i]]++] = i;
        }
        return (starts, members);
    }
}
