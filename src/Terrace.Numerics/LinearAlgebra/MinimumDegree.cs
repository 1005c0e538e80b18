using System.Runtime.CompilerServices;

namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// A fill-reducing order of elimination by approximate minimum degree, for a matrix given as a union of cliques.
/// <para>Method: eliminating variable p joins the cliques that hold it into one, L_p; the next pivot is the variable whose bound on its degree is least,
/// d_i = |L_p \ i| + sum over its other cliques e of |L_e \ L_p|. Cliques inside L_p are absorbed, variables with the same cliques become one, and variables that are in L_p alone are
/// eliminated with p.</para>
/// <para>Symbols: E_i -> the clique list of a variable; L_e -> <see cref="_members"/>; |L_e \ L_p| -> <see cref="_outside"/>; n_i, columns of a variable and those joined to it -> <see cref="_weight"/>.</para>
/// <para>Source: Amestoy, Davis and Duff (1996), An approximate minimum degree ordering algorithm, sections 3 and 4. Deviation: since the graph is given as cliques there are
/// no edges beside them. Tests: SparseCholeskyTests (permutations; trees have no fill; fill against that of the natural order).</para>
/// </summary>
internal sealed class MinimumDegree
{
    private readonly CliqueGraph _graph;
    private readonly int[] _listStart;
    private readonly int[] _lists;
    private readonly int[] _listLength;
    private readonly int[]?[] _members;
    private readonly long[] _size;
    private readonly long[] _outside;
    private readonly int[] _outsideStamp;
    private readonly int[] _weight;
    private readonly int[] _lastJoined;
    private readonly int[] _nextJoined;
    private readonly int[] _mark;
    private readonly DegreeLists _degrees;
    private readonly Dictionary<ulong, int> _twins = [];
    private readonly List<int> _order = [];
    private readonly double _flopLimit;
    private int[] _pivotMembers = [];
    private double _flops;
    private int _stamp;

    private MinimumDegree(CliqueGraph graph, double flopLimit)
    {
        int n = graph.Variables;
        _graph = graph;
        _flopLimit = flopLimit;
        (_listStart, _lists) = graph.ByVariable();
        _listLength = [.. Enumerable.Range(0, n).Select(i => _listStart[i + 1] - _listStart[i])];
        _members = new int[]?[graph.Cliques + n];
        _size = new long[_members.Length];
        _outside = new long[_members.Length];
        _outsideStamp = new int[_members.Length];
        _weight = (int[])graph.Widths.Clone();
        _lastJoined = [.. Enumerable.Range(0, n)];
        _nextJoined = new int[n];
        Array.Fill(_nextJoined, -1);
        _mark = new int[n];
        _degrees = new DegreeLists(n, graph.Widths.Sum(w => (long)w));
    }

    /// <summary>The variables in the order of their elimination, or null when the factor would take more than <paramref name="flopLimit"/> multiplications (a lower bound of them is compared).</summary>
    public static int[]? Order(CliqueGraph graph, double flopLimit = double.PositiveInfinity) => new MinimumDegree(graph, flopLimit).Run();

    private int[]? Run()
    {
        for (int c = 0; c < _graph.Cliques; c++)
        {
            _members[c] = _graph.Clique(c).ToArray();
            foreach (int i in _members[c]!) _size[c] += _weight[i];
        }

        for (int i = 0; i < _weight.Length; i++)
        {
            long degree = 0;
            for (int k = 0; k < _listLength[i]; k++) degree += _size[_lists[_listStart[i] + k]] - _weight[i];
            _degrees.Insert(i, degree);
        }

        while (_order.Count < _weight.Length)
        {
            Eliminate(_degrees.TakeLeast());
            if (_flops > _flopLimit) return null;
        }

        return [.. _order];
    }

    private void Eliminate(int p)
    {
        int pivots = _weight[p];
        int[] members = JoinCliques(p, out long size);
        int clique = _graph.Cliques + p;
        MeasureOutside(members);
        Append(p);
        long remaining = size;
        _twins.Clear();
        foreach (int i in members)
        {
            bool alone = !UpdateList(i, clique, out ulong hash);
            if (alone)
            {
                pivots += _weight[i];
                remaining -= _weight[i];
                Append(i);
            }
            else JoinTwins(i, hash);
        }

        int[] kept = [.. members.Where(i => _weight[i] > 0)];
        (_members[clique], _size[clique]) = (kept, remaining);
        foreach (int i in kept) _degrees.Insert(i, Degree(i, clique, remaining));
        double m = pivots, r = remaining;
        _flops += m * (r * r + m * r + m * m / 3);
        if (_flops + r * r * r / 3 > _flopLimit) _flops = double.PositiveInfinity; // L_p is a clique, so what is left takes that much at least
    }

    /// <summary>L_p: the members of all cliques of p but p; the cliques are absorbed.</summary>
    private int[] JoinCliques(int p, out long size)
    {
        _mark[p] = ++_stamp;
        int count = 0;
        size = 0;
        for (int k = 0; k < _listLength[p]; k++)
        {
            int e = _lists[_listStart[p] + k];
            foreach (int i in _members[e] ?? [])
            {
                if (_weight[i] == 0 || _mark[i] == _stamp) continue;
                _mark[i] = _stamp;
                if (count == _pivotMembers.Length) Array.Resize(ref _pivotMembers, Math.Max(64, 2 * count));
                _pivotMembers[count++] = i;
                size += _weight[i];
            }

            _members[e] = null;
        }

        _listLength[p] = 0;
        return _pivotMembers[..count];
    }

    /// <summary>|L_e \ L_p| for every clique that meets L_p.</summary>
    private void MeasureOutside(int[] members)
    {
        foreach (int i in members)
        {
            _degrees.Remove(i);
            for (int k = 0; k < _listLength[i]; k++)
            {
                int e = _lists[_listStart[i] + k];
                if (_members[e] is null) continue;
                if (_outsideStamp[e] != _stamp) (_outsideStamp[e], _outside[e]) = (_stamp, _size[e]);
                _outside[e] -= _weight[i];
            }
        }
    }

    /// <summary>Drops absorbed cliques from the list of i and puts the new one first; false when the new one is all that is left.</summary>
    private bool UpdateList(int i, int clique, out ulong hash)
    {
        int start = _listStart[i], kept = 0;
        hash = (ulong)clique;
        for (int k = 0; k < _listLength[i]; k++)
        {
            int e = _lists[start + k];
            if (_members[e] is null) continue;
            if (_outside[e] == 0)
            {
                _members[e] = null;
                continue;
            }

            _lists[start + kept++] = e;
            hash += (ulong)e * 0x9E3779B97F4A7C15;
        }

        // The absorbed clique that held both i and p has left room for the new one.
        if (kept > 0) _lists[start + kept] = _lists[start];
        _lists[start] = clique;
        _listLength[i] = kept + 1;
        return kept > 0;
    }

    /// <summary>Joins i to an earlier variable with the same cliques, if there is one.</summary>
    private void JoinTwins(int i, ulong hash)
    {
        if (!_twins.TryGetValue(hash, out int twin))
        {
            _twins.Add(hash, i);
            return;
        }

        if (!SameCliques(i, twin)) return;
        _weight[twin] += _weight[i];
        _weight[i] = 0;
        _nextJoined[_lastJoined[twin]] = i;
        _lastJoined[twin] = _lastJoined[i];
    }

    private bool SameCliques(int i, int j)
    {
        if (_listLength[i] != _listLength[j]) return false;
        var first = _lists.AsSpan(_listStart[i], _listLength[i]);
        var second = _lists.AsSpan(_listStart[j], _listLength[j]);
        if (first.SequenceEqual(second)) return true;
        int[] a = first.ToArray(), b = second.ToArray();
        Array.Sort(a);
        Array.Sort(b);
        return a.AsSpan().SequenceEqual(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Degree(int i, int clique, long size)
    {
        long degree = size - _weight[i];
        for (int k = 0; k < _listLength[i]; k++)
        {
            int e = _lists[_listStart[i] + k];
            if (e != clique && _members[e] is not null) degree += _outside[e];
        }

        return degree;
    }

    /// <summary>Appends a pivot and the variables that were joined to it.</summary>
    private void Append(int p)
    {
        for (int i = p; i >= 0; i = _nextJoined[i]) _order.Add(i);
        _weight[p] = 0;
    }
}
