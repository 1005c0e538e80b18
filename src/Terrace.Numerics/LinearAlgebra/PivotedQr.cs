namespace Terrace.Numerics.LinearAlgebra;

/// <summary>
/// The QR decomposition of a matrix by Householder reflections, with columns that depend on earlier ones moved to the end: A[, Pivot] = Q R.
/// <para>Formula: for each kept column, H = I - v v' / v1 maps it to a multiple of the first unit vector; Q = H1 H2 ... Hk.
/// A column whose remaining norm falls below <c>tolerance</c> times its original norm is aliased: it moves behind all others, whose order stays.</para>
/// <para>Symbols: v = columns of <c>_qr</c> on and below the diagonal with v1 in <c>_scale</c>; R = the upper triangle of <c>_qr</c>, its diagonal in <c>_diagonal</c>.</para>
/// <para>Source: Businger and Golub (1965), Linear least squares solutions by Householder transformations; Dongarra et al. (1979), LINPACK Users' Guide, ch. 9;
/// the limited pivoting is the one that R's <c>lm</c> documents, so that the same columns are found aliased.</para>
/// <para>Tests: PivotedQrTests (factors against products, aliasing against R).</para>
/// </summary>
public sealed class PivotedQr
{
    private readonly Matrix _qr;
    private readonly double[] _scale;
    private readonly double[] _diagonal;
    private readonly int[] _pivot;

    private PivotedQr(Matrix qr, double[] scale, double[] diagonal, int[] pivot, int rank)
    {
        _qr = qr;
        _scale = scale;
        _diagonal = diagonal;
        _pivot = pivot;
        Rank = rank;
    }

    /// <summary>The number of linearly independent columns.</summary>
    public int Rank { get; }

    /// <summary>For each column of the factor the original column: the first <see cref="Rank"/> are estimable, the others aliased.</summary>
    public IReadOnlyList<int> Pivot => _pivot;

    /// <summary>Decomposes a copy of <paramref name="a"/> (rows × columns, any shape).</summary>
    /// <param name="a">The matrix, which is left as it is.</param>
    /// <param name="tolerance">The share of its original norm below which a column counts as a combination of earlier ones.</param>
    public static PivotedQr Factor(Matrix a, double tolerance = 1e-7)
    {
        Matrix qr = a.Copy();
        int n = a.Rows, p = a.Columns;
        var scale = new double[p];
        var diagonal = new double[p];
        var pivot = new int[p];
        var norm = new double[p];
        var original = new double[p];
        for (int j = 0; j < p; j++)
        {
            pivot[j] = j;
            norm[j] = Norm(qr.Column(j));
            original[j] = norm[j] == 0 ? 1 : norm[j];
        }

        int candidates = p;
        for (int l = 0; l < Math.Min(n, p); l++)
        {
            while (l < candidates && !(norm[l] >= original[l] * tolerance))
            {
                MoveToEnd(qr, pivot, norm, original, l);
                candidates--;
            }

            if (l >= candidates) break;
            Reflect(qr, l, scale, diagonal, norm);
        }

        return new PivotedQr(qr, scale, diagonal, pivot, Math.Min(candidates, n));
    }

    /// <summary>Replaces <paramref name="y"/> (length = rows) by Q'y.</summary>
    public void ApplyTransposedQ(Span<double> y)
    {
        CheckLength(y.Length);
        for (int j = 0; j < Rank; j++) ApplyReflection(_qr.Column(j)[j..], _scale[j], y[j..]);
    }

    /// <summary>Replaces <paramref name="y"/> (length = rows) by Qy.</summary>
    public void ApplyQ(Span<double> y)
    {
        CheckLength(y.Length);
        for (int j = Rank - 1; j >= 0; j--) ApplyReflection(_qr.Column(j)[j..], _scale[j], y[j..]);
    }

    /// <summary>The least-squares coefficients of <paramref name="y"/> (length = rows) in the original order of the columns; NaN for aliased columns.</summary>
    public double[] Solve(ReadOnlySpan<double> y)
    {
        double[] effects = y.ToArray();
        ApplyTransposedQ(effects);
        SolveUpper(effects.AsSpan(0, Rank));
        var coefficients = new double[_pivot.Length];
        Array.Fill(coefficients, double.NaN);
        for (int j = 0; j < Rank; j++) coefficients[_pivot[j]] = effects[j];
        return coefficients;
    }

    /// <summary>The factor R of the estimable columns: <see cref="Rank"/> × <see cref="Rank"/>, upper triangular, in the order of <see cref="Pivot"/>.</summary>
    public Matrix UpperTriangle()
    {
        var r = new Matrix(Rank, Rank);
        for (int j = 0; j < Rank; j++)
        {
            for (int i = 0; i < j; i++) r[i, j] = _qr[i, j];
            r[j, j] = _diagonal[j];
        }

        return r;
    }

    /// <summary>
    /// (R'R)^-1 = (A'A)^-1 of the estimable columns: <see cref="Rank"/> × <see cref="Rank"/>, full and symmetric, in pivot order:
    /// row and column i belong to the original column <c>Pivot[i]</c>.
    /// </summary>
    public Matrix InverseOfCrossProduct()
    {
        int k = Rank;
        var inverse = new Matrix(k, k);
        for (int j = 0; j < k; j++)
        {
            Span<double> column = inverse.Column(j);
            column[j] = 1;
            SolveUpper(column);
        }

        var product = new Matrix(k, k);
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int m = i; m < k; m++) sum += inverse[i, m] * inverse[j, m];
                product[i, j] = product[j, i] = sum;
            }
        }

        return product;
    }

    /// <summary>The diagonal of the projection on the columns of A (length = rows): the leverage of each row.</summary>
    public double[] Leverages()
    {
        var leverages = new double[_qr.Rows];
        var column = new double[_qr.Rows];
        for (int j = 0; j < Rank; j++)
        {
            Array.Clear(column);
            column[j] = 1;
            ApplyQ(column);
            for (int i = 0; i < column.Length; i++) leverages[i] += column[i] * column[i];
        }

        return leverages;
    }

    private void SolveUpper(Span<double> b)
    {
        for (int j = b.Length - 1; j >= 0; j--)
        {
            b[j] /= _diagonal[j];
            Accumulate(-b[j], _qr.Column(j)[..j], b);
        }
    }

    private static void Reflect(Matrix qr, int l, double[] scale, double[] diagonal, double[] norm)
    {
        Span<double> v = qr.Column(l)[l..];
        double length = v.Length == 1 ? 0 : Norm(v);
        if (length == 0)
        {
            diagonal[l] = v[0];
            return;
        }

        if (v[0] < 0) length = -length;
        ContiguousLoops.Divide(v, length);
        v[0] += 1;
        for (int j = l + 1; j < qr.Columns; j++)
        {
            Span<double> rest = qr.Column(j)[l..];
            ApplyReflection(v, v[0], rest);
            norm[j] = RemainingNorm(norm[j], rest);
        }

        scale[l] = v[0];
        diagonal[l] = -length;
    }

    /// <summary>The norm of a column without its first element, by downdating unless that would cancel.</summary>
    private static double RemainingNorm(double norm, ReadOnlySpan<double> rest)
    {
        if (norm == 0) return 0;
        double ratio = Math.Abs(rest[0]) / norm;
        double share = 1 - ratio * ratio;
        return share < 1e-6 ? Norm(rest[1..]) : norm * Math.Sqrt(share);
    }

    private static void ApplyReflection(ReadOnlySpan<double> v, double scale, Span<double> y)
    {
        if (scale == 0) return;
        Accumulate(-Dot(v, y) / scale, v, y);
    }

    private static void MoveToEnd(Matrix qr, int[] pivot, double[] norm, double[] original, int l)
    {
        double[] column = qr.Column(l).ToArray();
        Array.Copy(qr.Values, (l + 1) * qr.Rows, qr.Values, l * qr.Rows, (qr.Columns - l - 1) * qr.Rows);
        column.CopyTo(qr.Column(qr.Columns - 1));
        Rotate(pivot, l);
        Rotate(norm, l);
        Rotate(original, l);
    }

    private static void Rotate<T>(T[] values, int from)
    {
        T first = values[from];
        Array.Copy(values, from + 1, values, from, values.Length - from - 1);
        values[^1] = first;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => ContiguousLoops.Dot(x, y);

    private static void Accumulate(double factor, ReadOnlySpan<double> x, Span<double> y) => ContiguousLoops.AddMultiple(factor, x, y);

    /// <summary>The Euclidean norm, scaled so that squares neither overflow nor vanish.</summary>
    private static double Norm(ReadOnlySpan<double> x)
    {
        double largest = ContiguousLoops.LargestMagnitude(x);
        if (largest == 0 || !double.IsFinite(largest)) return largest;
        double scale = Math.ScaleB(1, -Math.ILogB(largest)), sum = ContiguousLoops.SumOfSquares(x, scale);
        return Math.Sqrt(sum) / scale;
    }

    private void CheckLength(int length)
    {
        if (length != _qr.Rows) throw new ArgumentException($"The decomposition has {_qr.Rows} rows, the vector {length}.");
    }
}
