using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Bayes;

/// <summary>Products of a symmetric matrix with vectors: by its full columns, or where most elements are 0, as those between levels of one grouping factor are, by the others alone. Immutable. Checked in <c>GaussianMomentsTests</c>.</summary>
internal sealed class SymmetricProduct
{
    private const double DenseCost = 0.25, SparseCost = 1;
    private readonly Matrix? _dense;
    private readonly int[] _starts = [];
    private readonly int[] _columns = [];
    private readonly double[] _values = [];

    private SymmetricProduct(Matrix dense, int filled)
    {
        int n = dense.Rows;
        IsSparse = SparseCost * filled < DenseCost * n * n;
        Nanoseconds = Math.Min(SparseCost * filled, DenseCost * n * n);
        if (!IsSparse)
        {
            _dense = dense;
            return;
        }
        (_starts, _columns, _values) = (new int[n + 1], new int[filled], new double[filled]);
        for (int j = 0, at = 0; j < n; j++)
        {
            ReadOnlySpan<double> column = dense.Column(j);
            for (int i = 0; i < n; i++)
                if (column[i] != 0) (_columns[at], _values[at++]) = (i, column[i]);
            _starts[j + 1] = at;
        }
    }

    /// <summary>Whether zeros are left out.</summary>
    public bool IsSparse { get; }

    /// <summary>About what a product costs.</summary>
    public double Nanoseconds { get; }

    /// <summary>Of a matrix whose triangles are both there.</summary>
    public static SymmetricProduct Of(Matrix dense) => new(dense, dense.Values.Count(value => value != 0));

    /// <summary>Element <paramref name="row"/> of the product with <paramref name="x"/>.</summary>
    public double Element(int row, double[] x)
    {
        if (_dense is not null) return ContiguousLoops.Dot(_dense.Column(row), x);
        double sum = 0;
        for (int k = _starts[row]; k < _starts[row + 1]; k++) sum += _values[k] * x[_columns[k]];
        return sum;
    }
}
