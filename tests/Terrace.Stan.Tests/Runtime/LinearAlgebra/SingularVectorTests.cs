using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.LinearAlgebra;
using Terrace.Stan.Tests.Language;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Terrace.Stan.Tests.Runtime.LinearAlgebra;

/// <summary>Singular vectors, the pseudoinverse, quantiles, and the functions that return several factors.</summary>
public sealed class SingularVectorTests
{
    private static readonly double[] Values = [1.2, -0.4, 0.7, 2.1, 0.3, -1.5, 0.9, 0.8, -0.2, 0.6, 1.1, -0.7];

    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(3, 4)]
    [InlineData(1, 2)]
    public void Left_and_right_vectors_with_the_values_are_the_matrix(int rows, int cols)
    {
        double[] a = Values[..(rows * cols)];
        Block shape = AdjointCheck.Matrix(rows, cols);
        int k = Math.Min(rows, cols);
        Dense u = Dense.Build.Dense(rows, k, AdjointCheck.Verify((w, b) => SingularVectors.Left(w, b[0]), 1e-6, (shape, a)));
        Dense v = Dense.Build.Dense(cols, k, AdjointCheck.Verify((w, b) => SingularVectors.Right(w, b[0]), 1e-6, (shape, a)));
        double[] s = AdjointCheck.Verify((w, b) => Decompositions.SingularValues(w, b[0]), 1e-6, (shape, a));
        double[] product = (u * Dense.Build.DenseOfDiagonalArray(s) * v.Transpose()).ToColumnMajorArray();
        for (int i = 0; i < a.Length; i++) Assert.Equal(a[i], product[i], 1e-12);
        Assert.True(((u.Transpose() * u) - Dense.Build.DenseIdentity(k)).FrobeniusNorm() < 1e-13 && ((v.Transpose() * v) - Dense.Build.DenseIdentity(k)).FrobeniusNorm() < 1e-13);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(3, 4)]
    [InlineData(2, 1)]
    public void The_pseudoinverse_has_the_four_properties_of_Penrose(int rows, int cols)
    {
        Dense a = Dense.Build.Dense(rows, cols, Values[..(rows * cols)]);
        Dense x = Dense.Build.Dense(cols, rows, AdjointCheck.Verify((w, b) => SingularVectors.Pseudoinverse(w, b[0]), 1e-6, (AdjointCheck.Matrix(rows, cols), a.ToColumnMajorArray())));
        VerifyPenrose(a, x);
    }

    [Fact]
    public void The_pseudoinverse_of_a_matrix_of_lower_rank_has_them_too()
    {
        Dense a = Dense.Build.DenseOfRowArrays([1, 2, 3], [2, 4, 6], [1, 0, 1]);
        var w = new Workspace();
        Block block = w.Allocate(1, 3, 3, false);
        a.ToColumnMajorArray().CopyTo(w.Values(block));
        VerifyPenrose(a, Dense.Build.Dense(3, 3, w.Values(SingularVectors.Pseudoinverse(w, block)).ToArray()));
    }

    private static void VerifyPenrose(Dense a, Dense x)
    {
        Dense ax = a * x, xa = x * a;
        foreach (Dense difference in (Dense[])[(ax * a) - a, (xa * x) - x, ax - ax.Transpose(), xa - xa.Transpose()]) Assert.True(difference.FrobeniusNorm() < 1e-11, $"{difference}");
    }

    [Fact]
    public void Quantiles_are_those_of_definition_7()
    {
        // R: quantile(c(3, 1, 4, 1.5, 9), c(0, 0.1, 0.5, 0.65, 1)).
        double[] expected = [1, 1.2, 3, 3.6, 9];
        double[] value = AdjointCheck.Verify((w, b) => Quantiles.Of(w, b[0], b[1]), 1e-7, (AdjointCheck.Vector(5), [3, 1, 4, 1.5, 9]), (new Block(0, 3, 1, 1, true), [0.1, 0.45, 0.65]));
        Assert.Equal(1.2, value[0], 1e-13);
        Assert.Equal(3.6, value[2], 1e-13);
        double[] all = new Program("generated quantities { array[5] real q = quantile([3, 1, 4, 1.5, 9]', {0, 0.1, 0.5, 0.65, 1}); real one = quantile({2.5}, 0.3); }").Values("q");
        for (int i = 0; i < 5; i++) Assert.Equal(expected[i], all[i], 1e-13);
    }

    [Fact]
    public void Factors_come_as_tuples()
    {
        var program = new Program("""
            parameters { vector[2] d; }
            transformed parameters {
              real gap; real picked;
              {
                matrix[3, 2] x = [[1.2, 0.3], [-0.4, 1.5], [0.7, 0.2 + d[1]]]; matrix[2, 2] s = [[2, d[2]], [d[2], 1]];
                tuple(matrix[3, 2], vector[2], matrix[2, 2]) t = svd(x); tuple(matrix[2, 2], vector[2]) e = eigendecompose_sym(s); tuple(matrix[3, 2], matrix[2, 2]) q = qr_thin(x);
                gap = sum(abs(x - t.1 * diag_matrix(t.2) * t.3')) + sum(abs(s - e.1 * diag_matrix(e.2) * e.1')) + sum(abs(x - q.1 * q.2));
                picked = sum(t.1) + 2 * t.2[1] + e.2[2] * e.1[1, 1] + q.1[2, 2] - q.2[1, 2];
              }
            }
            model { target += picked; }
            generated quantities {
              vector[3] w; array[3] int v; array[4] int u; real whole;
              {
                tuple(vector[3], array[3] int, array[4] int) c = csr_extract([[0, 2, 0], [1, 0, 3], [0, 0, 0]]); tuple(matrix[3, 3], matrix[3, 2]) f = qr([[1, 2], [3, 4], [5, 7]]);
                w = c.1; v = c.2; u = c.3; whole = f.1[3] * f.2[, 2];
              }
            }
            """);
        program.VerifyGradient();
        Assert.Equal(0, program.Values("gap", [0.3, -0.2])[0], 1e-12);
        Assert.Equal([2, 1, 3], program.Values("w"));
        Assert.Equal([2, 1, 3], program.Values("v"));
        Assert.Equal([1, 2, 4, 4], program.Values("u"));
        Assert.Equal(7, program.Values("whole")[0], 1e-12);
    }
}
