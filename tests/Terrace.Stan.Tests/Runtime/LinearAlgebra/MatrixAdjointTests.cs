using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.LinearAlgebra;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Terrace.Stan.Tests.Runtime.LinearAlgebra;

/// <summary>Functions of matrices: values against MathNet or plain formulas, adjoints against differences.</summary>
public sealed class MatrixAdjointTests
{
    private static double[] Numbers(int n, int seed = 1)
    {
        var rng = new Rng((ulong)seed, 9);
        return [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())];
    }

    private static Dense Of(double[] x, int rows, int cols) => Dense.Build.Dense(rows, cols, (double[])x.Clone());

    private static double[] Definite(int n, int seed = 2)
    {
        Dense x = Of(Numbers(n * n, seed), n, n);
        return ((x * x.Transpose()) + Dense.Build.DenseDiagonal(n, n, 1.0)).ToColumnMajorArray();
    }

    /// <summary>½ (X + Xᵀ), so that differences move both elements of a pair.</summary>
    private static Block Symmetric(Workspace w, Block x) => Elementwise.Multiply(w, Elementwise.Add(w, x, Reshaping.Transpose(w, x)), w.AllocateScalar(0.5, false));

    private static void Near(Dense expected, double[] actual, double tolerance = 1e-11) => Near(expected.ToColumnMajorArray(), actual, tolerance);

    private static void Near(double[] expected, double[] actual, double tolerance = 1e-11)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i])), $"element {i}: {actual[i]:R}, expected {expected[i]:R}");
    }

    private static double[] Verify(Func<Workspace, Block[], Block> function, params (Block Shape, double[] Values)[] inputs) => AdjointCheck.Verify(function, 1e-6, inputs);

    private static (Block, double[]) M(int rows, int cols, double[] x) => (AdjointCheck.Matrix(rows, cols), x);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    public void A_cholesky_factor_and_what_is_computed_from_it(int n)
    {
        double[] a = Definite(n);
        Dense x = Of(a, n, n);
        Near(x.Cholesky().Factor, Verify((w, b) => Factorizations.Cholesky(w, Symmetric(w, b[0])), M(n, n, a)));
        Near(x.Inverse(), Verify((w, b) => Determinants.InverseSpd(w, Symmetric(w, b[0])), M(n, n, a)));
        Near([Math.Log(x.Determinant())], Verify((w, b) => Determinants.LogDeterminantSpd(w, Symmetric(w, b[0])), M(n, n, a)));
        double[] l = x.Cholesky().Factor.ToColumnMajorArray();
        Near(x.Inverse(), Verify((w, b) => Determinants.FromCholesky(w, b[0]), M(n, n, l)));
        Near(x, Verify((w, b) => LowerTriangularProduct.SelfTranspose(w, b[0]), M(n, n, l)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(11)]
    public void Determinants_and_inverses_of_general_matrices(int n)
    {
        double[] a = Numbers(n * n, 3);
        Dense x = Of(a, n, n);
        Near([x.Determinant()], Verify((w, b) => Determinants.Determinant(w, b[0]), M(n, n, a)));
        Near([Math.Log(Math.Abs(x.Determinant()))], Verify((w, b) => Determinants.LogDeterminant(w, b[0]), M(n, n, a)));
        Near(x.Inverse(), Verify((w, b) => Determinants.Inverse(w, b[0]), M(n, n, a)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(10, 12)]
    public void Division_from_both_sides_by_general_definite_and_triangular_matrices(int n, int m)
    {
        double[] a = Numbers(n * n, 4), b = Numbers(n * m, 5), s = Definite(n, 6), l = Of(s, n, n).Cholesky().Factor.ToColumnMajorArray();
        Dense right = Of(b, m, n);
        Near(Of(a, n, n).Inverse() * Of(b, n, m), Verify((w, x) => Division.Left(w, x[0], x[1]), M(n, n, a), M(n, m, b)), 1e-9);
        Near(right * Of(a, n, n).Inverse(), Verify((w, x) => Division.Right(w, x[1], x[0]), M(n, n, a), M(m, n, b)), 1e-9);
        Near(Of(s, n, n).Inverse() * Of(b, n, m), Verify((w, x) => Division.LeftSpd(w, Symmetric(w, x[0]), x[1]), M(n, n, s), M(n, m, b)));
        Near(right * Of(s, n, n).Inverse(), Verify((w, x) => Division.RightSpd(w, x[1], Symmetric(w, x[0])), M(n, n, s), M(m, n, b)));
        Near(Of(l, n, n).Inverse() * Of(b, n, m), Verify((w, x) => Division.LeftTriangular(w, x[0], x[1]), M(n, n, l), M(n, m, b)));
        Near(right * Of(l, n, n).Inverse(), Verify((w, x) => Division.RightTriangular(w, x[1], x[0]), M(n, n, l), M(m, n, b)));
    }

    [Theory]
    [InlineData(2, 3, 4)]
    [InlineData(13, 12, 14)]
    public void Products_small_and_large(int n, int k, int m)
    {
        double[] a = Numbers(n * k), b = Numbers(k * m, 2);
        Near(Of(a, n, k) * Of(b, k, m), Verify((w, x) => Products.Multiply(w, x[0], x[1]), M(n, k, a), M(k, m, b)));
        Near(Of(a, n, k).TransposeThisAndMultiply(Of(a, n, k)), Verify((w, x) => QuadraticForms.CrossProduct(w, x[0]), M(n, k, a)));
        Near(Of(a, n, k).TransposeAndMultiply(Of(a, n, k)), Verify((w, x) => QuadraticForms.OuterProduct(w, x[0]), M(n, k, a)));
    }

    [Fact]
    public void Quadratic_forms_and_traces()
    {
        double[] a = Numbers(9), b = Numbers(6, 2), d = Numbers(4, 3), v = Numbers(3, 4), s = Definite(3);
        Dense x = Of(a, 3, 3), y = Of(b, 3, 2), u = Of(v, 3, 1);
        Dense form = y.Transpose() * x * y;
        Near(form, Verify((w, i) => QuadraticForms.Of(w, i[0], i[1]), M(3, 3, a), M(3, 2, b)));
        Near(u.Transpose() * x * u, Verify((w, i) => QuadraticForms.Of(w, i[0], i[1]), M(3, 3, a), (AdjointCheck.Vector(3), v)));
        Near(y.Transpose() * Of(s, 3, 3) * y, Verify((w, i) => QuadraticForms.OfSymmetric(w, Symmetric(w, i[0]), i[1]), M(3, 3, s), M(3, 2, b)));
        Near([form.Trace()], Verify((w, i) => QuadraticForms.TraceOf(w, i[0], i[1]), M(3, 3, a), M(3, 2, b)));
        Near([(Of(d, 2, 2) * form).Trace()], Verify((w, i) => QuadraticForms.TraceGeneral(w, i[0], i[1], i[2]), M(2, 2, d), M(3, 3, a), M(3, 2, b)));
        Near([x.Trace()], Verify((w, i) => QuadraticForms.Trace(w, i[0]), M(3, 3, a)));
        Near([(Of(b, 2, 3) * y).Trace()], Verify((w, i) => QuadraticForms.TraceDot(w, i[0], i[1]), M(2, 3, b), M(3, 2, b)));
        Dense diagonal = Dense.Build.DenseOfDiagonalArray(v);
        Near(diagonal * y, Verify((w, i) => DiagonalProducts.PreMultiply(w, i[0], i[1]), (AdjointCheck.Vector(3), v), M(3, 2, b)));
        Near(Of(b, 2, 3) * diagonal, Verify((w, i) => DiagonalProducts.PostMultiply(w, i[1], i[0]), (AdjointCheck.Vector(3), v), M(2, 3, b)));
        Near(diagonal * x * diagonal, Verify((w, i) => DiagonalProducts.QuadraticForm(w, i[0], i[1]), M(3, 3, a), (AdjointCheck.Vector(3), v)));
        Near(x + diagonal, Verify((w, i) => DiagonalProducts.AddDiagonal(w, i[0], i[1]), M(3, 3, a), (AdjointCheck.Vector(3), v)));
        Near(x + Dense.Build.DenseDiagonal(3, 3, 1.5), Verify((w, i) => DiagonalProducts.AddDiagonal(w, i[0], i[1]), M(3, 3, a), (AdjointCheck.Scalar, [1.5])));
        Near(x.LowerTriangle() + x.StrictlyLowerTriangle().Transpose(), Verify((w, i) => DiagonalProducts.Symmetrise(w, i[0]), M(3, 3, a)));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(4.0)]
    public void The_exponential_of_a_matrix_is_its_power_series(double scale)
    {
        double[] a = [.. Numbers(9).Select(value => scale * value)], b = Numbers(6, 2);
        Dense x = Of(a, 3, 3), term = Dense.Build.DenseIdentity(3), sum = term.Clone();
        for (int k = 1; k < 120; k++) sum += term = term * x / k;
        Near(sum, Verify((w, i) => MatrixFunctions.Exponential(w, i[0]), M(3, 3, a)), 1e-10);
        Near(sum * Of(b, 3, 2), Verify((w, i) => MatrixFunctions.ScaledExponentialMultiply(w, i[0], i[1], i[2]), (AdjointCheck.Scalar, [scale]), M(3, 3, Numbers(9)), M(3, 2, b)), 1e-10);
        for (int n = 0; n < 7; n++)
            Near(n == 0 ? Dense.Build.DenseIdentity(3) : Enumerable.Range(1, n - 1).Aggregate(x, (power, _) => power * x), Verify((w, i) => Reshaping.ToMatrix(w, MatrixFunctions.Power(w, i[0], n)), M(3, 3, a)), 1e-9);
    }

    [Fact]
    public void Eigenvalues_eigenvectors_and_singular_values()
    {
        double[] a = Definite(4), b = Numbers(12, 7);
        var eigen = Of(a, 4, 4).Evd();
        Near([.. eigen.EigenValues.Select(value => value.Real).Order()], Verify((w, x) => Decompositions.EigenvaluesSymmetric(w, Symmetric(w, x[0])), M(4, 4, a)));
        Dense vectors = Of(Verify((w, x) => Decompositions.EigenvectorsSymmetric(w, Symmetric(w, x[0])), M(4, 4, a)), 4, 4);
        Near(Dense.Build.DenseOfDiagonalArray([.. eigen.EigenValues.Select(value => value.Real).Order()]), (vectors.Transpose() * Of(a, 4, 4) * vectors).ToColumnMajorArray(), 1e-10);
        Near([.. Of(b, 4, 3).Svd().S], Verify((w, x) => Decompositions.SingularValues(w, x[0]), M(4, 3, b)));
        Near([.. Of(b, 3, 4).Svd().S], Verify((w, x) => Decompositions.SingularValues(w, x[0]), M(3, 4, b)));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(5, 3)]
    public void Thin_orthogonal_factors(int m, int n)
    {
        double[] a = Numbers(m * n, 8);
        Dense q = Of(Verify((w, x) => Decompositions.ThinQ(w, x[0]), M(m, n, a)), m, n), r = Of(Verify((w, x) => Decompositions.ThinR(w, x[0]), M(m, n, a)), n, n);
        Near(Of(a, m, n), (q * r).ToColumnMajorArray());
        Near(Dense.Build.DenseIdentity(n), (q.Transpose() * q).ToColumnMajorArray());
        for (int i = 0; i < n; i++) Assert.True(r[i, i] > 0);
        Dense full = Of(Verify((w, x) => Decompositions.FullR(w, x[0]), M(m, n, a)), m, n);
        Near(r, full.SubMatrix(0, n, 0, n).ToColumnMajorArray());
        var workspace = new Workspace();
        Block data = workspace.Allocate(1, m, n, false);
        a.CopyTo(workspace.Values(data));
        Dense square = Of(workspace.Values(Decompositions.FullQ(workspace, data)).ToArray(), m, m);
        Near(Dense.Build.DenseIdentity(m), (square.Transpose() * square).ToColumnMajorArray());
        Near(Of(a, m, n), (square * full).ToColumnMajorArray());
    }

    [Fact]
    public void Sparse_products()
    {
        double[] values = [1.5, -2, 0.5, 3], b = [1, 2, 3];
        static (IntBlock Columns, IntBlock Starts) Structure(Workspace w)
        {
            IntBlock columns = w.AllocateInts(4), starts = w.AllocateInts(4);
            ((int[])[1, 3, 2, 3]).CopyTo(w.Ints(columns));
            ((int[])[1, 3, 3, 5]).CopyTo(w.Ints(starts));
            return (columns, starts);
        }
        Near([1.5 - 6, 0, 1 + 9], Verify((w, x) => Structure(w) is var s ? SparseProducts.TimesVector(w, 3, 3, x[0], s.Columns, s.Starts, x[1]) : default, (AdjointCheck.Vector(4), values), (AdjointCheck.Vector(3), b)));
        double[] dense = Verify((w, x) => Structure(w) is var s ? SparseProducts.ToDense(w, 3, 3, x[0], s.Columns, s.Starts) : default, (AdjointCheck.Vector(4), values));
        Assert.Equal([1.5, 0, 0, 0, 0, 0.5, -2, 0, 3], dense);
        var workspace = new Workspace();
        Block matrix = workspace.Allocate(1, 3, 3, false);
        dense.CopyTo(workspace.Values(matrix));
        Assert.Equal(values, workspace.Values(SparseProducts.ExtractValues(workspace, matrix)).ToArray());
        Assert.Equal([1, 3, 2, 3], workspace.Ints(SparseProducts.ExtractColumns(workspace, matrix)).ToArray());
        Assert.Equal([1, 3, 3, 5], workspace.Ints(SparseProducts.ExtractStarts(workspace, matrix)).ToArray());
    }

    [Fact]
    public void Matrices_that_are_not_definite_symmetric_or_invertible_are_refused()
    {
        var w = new Workspace();
        Block a = w.Allocate(1, 2, 2, false);
        ((double[])[1, 2, 2, 1]).CopyTo(w.Values(a));
        Assert.Contains("not positive definite", Assert.Throws<StanFaultException>(() => Factorizations.Cholesky(w, a)).Message);
        ((double[])[1, 2, 0, 1]).CopyTo(w.Values(a));
        Assert.Contains("not symmetric", Assert.Throws<StanFaultException>(() => Factorizations.Cholesky(w, a)).Message);
        ((double[])[1, 2, 2, 4]).CopyTo(w.Values(a));
        Assert.Contains("singular", Assert.Throws<StanFaultException>(() => Determinants.Inverse(w, a)).Message);
        Assert.Throws<StanFaultException>(() => Products.Multiply(w, a, w.AllocateVector(3, false)));
    }
}
