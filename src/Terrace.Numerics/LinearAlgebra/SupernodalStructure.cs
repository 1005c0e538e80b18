namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// Where the Cholesky factor of a sparse symmetric matrix has entries, in supernodes: runs of columns with the same rows below, kept as dense blocks. Dense border columns may follow the sparse ones.
/// <para>Symbols: columns of supernode s, in the order of elimination -> <c>FirstColumn[s] .. FirstColumn[s + 1]</c>; its rows below them -> <see cref="Rows(int)"/>, ascending, border last; the supernode that
/// its contribution goes to -> <see cref="Parent"/>; column at a position -> <see cref="Order"/>, and back -> <see cref="Position"/>.</para>
/// <para>Source: Liu (1992), The multifrontal method for sparse matrix solution: theory and practice, sections 2 to 4; a column joins the supernode before it where that stores few zeros: Ashcraft and Grimes
/// (1989), The influence of relaxed supernode partitions on the multifrontal method. Tests: SparseCholeskyTests.</para>
/// </summary>
internal sealed class SupernodalStructure
{
    private readonly int[] _rowStarts;
    private readonly int[] _rows;

    internal SupernodalStructure(int[] order, int border, int[] firstColumn, int[] rowStarts, int[] rows, int[] parent)
    {
        Order = order;
        Border = border;
        FirstColumn = firstColumn;
        Parent = parent;
        (_rowStarts, _rows) = (rowStarts, rows);
        Position = new int[order.Length];
        SupernodeOf = new int[order.Length];
        for (int i = 0; i < order.Length; i++) Position[order[i]] = i;
        ValueStart = new long[Supernodes + 1];
        for (int s = 0; s < Supernodes; s++)
        {
            double m = Width(s), r = Rows(s).Length, size = m + r;
            ValueStart[s + 1] = ValueStart[s] + (long)(size * m);
            Flops += m * (r * r + m * r + m * m / 3);
            LargestFront = Math.Max(LargestFront, (int)size);
            for (int j = FirstColumn[s]; j < FirstColumn[s + 1]; j++) SupernodeOf[j] = s;
        }
    }

    /// <summary>The number of columns, border included.</summary>
    public int Columns => Order.Length;

    /// <summary>The number of dense columns at the end.</summary>
    public int Border { get; }

    /// <summary>The number of supernodes.</summary>
    public int Supernodes => FirstColumn.Length - 1;

    /// <summary>The column of the matrix at each position of the order of elimination.</summary>
    public int[] Order { get; }

    /// <summary>The position of each column of the matrix in the order of elimination.</summary>
    public int[] Position { get; }

    /// <summary>The position of each supernode's first column; one entry more than supernodes.</summary>
    public int[] FirstColumn { get; }

    /// <summary>The supernode of each position.</summary>
    public int[] SupernodeOf { get; }

    /// <summary>The supernode that holds the first row below each supernode, -1 where there is none.</summary>
    public int[] Parent { get; }

    /// <summary>The multiplications of a factorisation.</summary>
    public double Flops { get; }

    /// <summary>The number of entries stored, the zeros within supernodes included.</summary>
    public long Entries => ValueStart[^1];

    /// <summary>The most rows of a front.</summary>
    public int LargestFront { get; }

    /// <summary>Where each supernode's values begin.</summary>
    internal long[] ValueStart { get; }

    /// <summary>The number of columns of a supernode.</summary>
    public int Width(int supernode) => FirstColumn[supernode + 1] - FirstColumn[supernode];

    /// <summary>The rows (positions) below the columns of a supernode.</summary>
    public ReadOnlySpan<int> Rows(int supernode) => _rows.AsSpan(_rowStarts[supernode], _rowStarts[supernode + 1] - _rowStarts[supernode]);

    /// <summary>Finds the structure for an order of the graph's variables, with <paramref name="border"/> dense columns after them.</summary>
    /// <exception cref="ArgumentException">The order is no permutation of the variables.</exception>
    public static SupernodalStructure Of(CliqueGraph graph, int[] order, int border = 0)
    {
        if (order.Length != graph.Variables || order.Distinct().Count() != order.Length) throw new ArgumentException("The order is no permutation of the variables.", nameof(order));
        int[] parent = EliminationTree.Parents(graph, order);
        int[] ordered = [.. EliminationTree.Postorder(parent).Select(k => order[k])];
        return new SymbolicFactorization(graph, ordered).Expand(border);
    }
}
