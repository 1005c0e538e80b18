namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// Finds the rows of every column of a sparse Cholesky factor and gathers columns into supernodes.
/// <para>Formula: struct(j) = (members of the cliques whose first member is j, and struct(c) of all children c) without j; the parent is the least of struct(j). Column j joins the supernode that
/// ends at its child j - 1 if the zeros that this stores stay below <see cref="FewZeros"/> or an eighth of the block.</para>
/// <para>Source: Liu (1990), The role of elimination trees in sparse factorization, section 5.2; Ashcraft and Grimes (1989) for relaxed supernodes. Tests: SparseCholeskyTests.</para>
/// </summary>
internal sealed class SymbolicFactorization
{
    private const int FewZeros = 24;
    private readonly CliqueGraph _graph;
    private readonly int[] _order;
    private readonly int[] _position;
    private readonly int[][] _rows;
    private readonly int[] _stamp;
    private readonly List<int> _first = [];
    private readonly List<int[]> _below = [];
    private double _zeros;
    private double _width;

    /// <param name="graph">The matrix.</param>
    /// <param name="order">The variables in a postorder of the elimination tree.</param>
    public SymbolicFactorization(CliqueGraph graph, int[] order)
    {
        (_graph, _order) = (graph, order);
        int n = order.Length;
        _position = new int[n];
        for (int k = 0; k < n; k++) _position[order[k]] = k;
        _rows = new int[n][];
        _stamp = new int[n];
        Array.Fill(_stamp, -1);
        var (starts, cliques) = CliquesByFirst();
        int[] firstChild = new int[n], sibling = new int[n];
        Array.Fill(firstChild, -1);
        var found = new List<int>();
        for (int j = 0; j < n; j++)
        {
            found.Clear();
            _stamp[j] = j;
            for (int c = firstChild[j]; c >= 0; c = sibling[c]) Collect(_rows[c], j, found);
            for (int k = starts[j]; k < starts[j + 1]; k++)
            {
                foreach (int member in graph.Clique(cliques[k])) Add(_position[member], j, found);
            }

            found.Sort();
            _rows[j] = [.. found];
            PlaceColumn(j, firstChild, sibling);
            if (found.Count > 0) (sibling[j], firstChild[found[0]]) = (firstChild[found[0]], j);
        }

        _first.Add(n);
    }

    /// <summary>The structure in columns, <paramref name="border"/> dense ones at the end.</summary>
    public SupernodalStructure Expand(int border)
    {
        int n = _order.Length, supernodes = _below.Count + (border > 0 ? 1 : 0);
        int[] column = ColumnStarts();
        int sparse = column[n];
        var order = new int[sparse + border];
        int[] original = OriginalStarts();
        for (int k = 0; k < n; k++)
        {
            for (int j = 0; j < column[k + 1] - column[k]; j++) order[column[k] + j] = original[_order[k]] + j;
        }

        for (int j = 0; j < border; j++) order[sparse + j] = sparse + j;
        int[] first = [.. _first.Select(k => column[k]), .. border > 0 ? [sparse + border] : Array.Empty<int>()];
        int[] rowStarts = new int[supernodes + 1], parent = new int[supernodes];
        for (int s = 0; s < supernodes; s++)
        {
            int rows = s < _below.Count ? _below[s].Sum(k => column[k + 1] - column[k]) + border : 0;
            rowStarts[s + 1] = checked(rowStarts[s] + rows);
        }

        var all = new int[rowStarts[^1]];
        for (int s = 0, at = 0; s < _below.Count; s++)
        {
            foreach (int k in _below[s])
            {
                for (int j = column[k]; j < column[k + 1]; j++) all[at++] = j;
            }

            for (int j = 0; j < border; j++) all[at++] = sparse + j;
        }

        for (int s = 0; s < supernodes; s++) parent[s] = rowStarts[s + 1] == rowStarts[s] ? -1 : SupernodeOf(all[rowStarts[s]], first);
        return new SupernodalStructure(order, border, first, rowStarts, all, parent);
    }

    private static int SupernodeOf(int column, int[] first)
    {
        int at = Array.BinarySearch(first, column);
        return at >= 0 ? at : ~at - 1;
    }

    private void Collect(int[] rows, int j, List<int> found)
    {
        foreach (int row in rows) Add(row, j, found);
    }

    private void Add(int row, int j, List<int> found)
    {
        if (_stamp[row] == j || row <= j) return;
        _stamp[row] = j;
        found.Add(row);
    }

    /// <summary>Column j joins the open supernode, or closes it and begins one; the rows of children are given up.</summary>
    private void PlaceColumn(int j, int[] firstChild, int[] sibling)
    {
        bool child = firstChild[j] >= 0;
        bool joins = child && _rows[j - 1].Length > 0 && _rows[j - 1][0] == j && StoresFewZeros(j);
        if (joins) _below[^1] = _rows[j];
        else
        {
            _first.Add(j);
            _below.Add(_rows[j]);
            (_zeros, _width) = (0, 0);
        }

        _width += _graph.Widths[_order[j]];
        for (int c = firstChild[j]; c >= 0; c = sibling[c]) _rows[c] = [];
    }

    private bool StoresFewZeros(int j)
    {
        double width = _width, below = 0;
        foreach (int k in _rows[j]) below += _graph.Widths[_order[k]];
        double own = _graph.Widths[_order[j]], before = own;
        for (int k = 1; k < _rows[j - 1].Length; k++) before += _graph.Widths[_order[_rows[j - 1][k]]];
        double zeros = _zeros + width * (own + below - before), size = (width + own) * (width + own + below);
        if (zeros > FewZeros && zeros > size / 8) return false;
        _zeros = zeros;
        return true;
    }

    private int[] ColumnStarts()
    {
        var starts = new int[_order.Length + 1];
        for (int k = 0; k < _order.Length; k++) starts[k + 1] = starts[k] + _graph.Widths[_order[k]];
        return starts;
    }

    private int[] OriginalStarts()
    {
        var starts = new int[_order.Length + 1];
        for (int i = 0; i < _order.Length; i++) starts[i + 1] = starts[i] + _graph.Widths[i];
        return starts;
    }

    private (int[] Starts, int[] Cliques) CliquesByFirst()
    {
        var first = new int[_graph.Cliques];
        var starts = new int[_order.Length + 1];
        for (int c = 0; c < first.Length; c++)
        {
            first[c] = int.MaxValue;
            foreach (int member in _graph.Clique(c)) first[c] = Math.Min(first[c], _position[member]);
            if (first[c] < int.MaxValue) starts[first[c] + 1]++;
        }

        for (int k = 0; k < _order.Length; k++) starts[k + 1] += starts[k];
        int[] next = starts[..^1];
        var cliques = new int[starts[^1]];
        for (int c = 0; c < first.Length; c++)
        {
            if (first[c] < int.MaxValue) cliques[next[first[c]]++] = c;
        }

        return (starts, cliques);
    }
}
