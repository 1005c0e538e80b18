using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Numerics.Tests.LinearAlgebra;

/// <summary>A random positive definite matrix as a sum of small dense matrices on cliques of variables (and a border), with its dense twin.</summary>
internal sealed class CliqueMatrix
{
    private readonly Rng _rng;
    private readonly List<(int[] Columns, Matrix Part)> _parts = [];
    private readonly int[] _start;
    private readonly int _border;
    private double _shift = 0.5;

    private CliqueMatrix(Rng rng, CliqueGraph graph, int border)
    {
        (_rng, Graph, _border) = (rng, graph, border);
        _start = new int[graph.Variables + 1];
        for (int i = 0; i < graph.Variables; i++) _start[i + 1] = _start[i] + graph.Widths[i];
        int size = _start[^1] + border;
        Dense = new Matrix(size, size);
        for (int c = 0; c < graph.Cliques; c++)
        {
            int[] columns = [.. graph.Clique(c).ToArray().SelectMany(i => Enumerable.Range(_start[i], graph.Widths[i])), .. Enumerable.Range(_start[^1], border)];
            Add(columns, RandomMatrix.Definite(columns.Length, (ulong)rng.NextInt(1_000_000)));
        }

        for (int i = 0; i < size; i++) Dense[i, i] += _shift;
    }

    public CliqueGraph Graph { get; }

    public Matrix Dense { get; }

    /// <summary>What is added to the diagonal (of the sparse matrix alone, once it is changed).</summary>
    public double Shift { set => _shift = value; }

    public static CliqueMatrix Random(int variables, int cliques, int largest, int widest, int border, ulong seed)
    {
        var rng = new Rng(seed, 1);
        int[] widths = [.. Enumerable.Range(0, variables).Select(_ => 1 + rng.NextInt(widest))];
        var starts = new List<int> { 0 };
        var members = new List<int>();
        for (int c = 0; c < cliques; c++)
        {
            members.AddRange(Enumerable.Range(0, 1 + rng.NextInt(largest)).Select(_ => rng.NextInt(variables)).Distinct());
            starts.Add(members.Count);
        }

        return new CliqueMatrix(rng, new CliqueGraph(widths, [.. starts], [.. members]), border);
    }

    public int[] RandomOrder()
    {
        int[] order = [.. Enumerable.Range(0, Graph.Variables)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = _rng.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    public SupernodalStructure Structure(int[] order) => SupernodalStructure.Of(Graph, order, _border);

    public IFrontalMatrix On(SupernodalStructure structure) => new Source(this, structure);

    public Matrix DenseInverse(bool withBorder)
    {
        int n = Dense.Rows - (withBorder ? 0 : _border);
        var l = new Matrix(n, n);
        for (int j = 0; j < n; j++) Dense.Column(j)[..n].CopyTo(l.Column(j));
        Assert.True(Cholesky.TryFactor(l));
        return Cholesky.InverseFromFactor(l);
    }

    private void Add(int[] columns, Matrix part)
    {
        _parts.Add((columns, part));
        for (int b = 0; b < columns.Length; b++)
        {
            for (int a = 0; a < columns.Length; a++) Dense[columns[a], columns[b]] += part[a, b];
        }
    }

    private sealed class Source(CliqueMatrix matrix, SupernodalStructure structure) : IFrontalMatrix
    {
        public void AddTo(int supernode, ReadOnlySpan<int> place, Span<double> front, int size)
        {
            for (int j = structure.FirstColumn[supernode]; j < structure.FirstColumn[supernode + 1]; j++) front[place[j] * (size + 1)] += matrix._shift;
            foreach (var (columns, part) in matrix._parts)
            {
                if (structure.SupernodeOf[columns.Min(j => structure.Position[j])] != supernode) continue;
                for (int b = 0; b < columns.Length; b++)
                {
                    for (int a = 0; a < columns.Length; a++)
                    {
                        int i = place[structure.Position[columns[a]]], j = place[structure.Position[columns[b]]];
                        if (i >= j) front[i + j * size] += part[a, b];
                    }
                }
            }
        }
    }
}
