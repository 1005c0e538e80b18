using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Transforms;

namespace Terrace.Stan.Tests.Runtime.Transforms;

public sealed class MatrixTransformTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_correlation_factor_has_rows_of_length_one_and_the_jacobian_of_its_lower_triangle(int k)
    {
        double[] y = TransformCheck.Numbers(CholeskyFactorCorrTransform.FreeSize(k));
        (double[] x, _) = TransformCheck.Verify(
            (w, b, jacobian) => CholeskyFactorCorrTransform.Constrain(w, b[0], k, jacobian), (v, f) => CholeskyFactorCorrTransform.Free(v, f, k), y.Length == 0 ? null : TransformCheck.Lower(k, k, false), (AdjointCheck.Vector(y.Length), y));
        int place = 0;
        for (int i = 0; i < k; i++)
        {
            double rest = 1;
            for (int j = 0; j < i; j++)
            {
                Assert.Equal(Math.Tanh(y[place++]) * Math.Sqrt(rest), x[(j * k) + i], 1e-14);
                rest -= x[(j * k) + i] * x[(j * k) + i];
            }
            Assert.Equal(Math.Sqrt(rest), x[(i * k) + i], 1e-14);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_correlation_matrix_has_the_jacobian_of_its_lower_triangle(int k)
    {
        double[] y = TransformCheck.Numbers(CorrMatrixTransform.FreeSize(k));
        (double[] x, _) = TransformCheck.Verify((w, b, jacobian) => CorrMatrixTransform.Constrain(w, b[0], k, jacobian), (v, f) => CorrMatrixTransform.Free(v, f, k), TransformCheck.Lower(k, k, false), (AdjointCheck.Vector(y.Length), y));
        CorrMatrixTransform.Check(x, "x", k);
        for (int i = 1; i < k; i++) Assert.Equal(Math.Tanh(y[i - 1]), x[i], 1e-14);
        double determinant = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(k, k, x).Determinant();
        Assert.Equal(y.Aggregate(1.0, (product, v) => product * (1 - (Math.Tanh(v) * Math.Tanh(v)))), determinant, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_covariance_matrix_has_the_jacobian_of_its_lower_triangle(int k)
    {
        double[] y = TransformCheck.Numbers(CovMatrixTransform.FreeSize(k));
        (double[] x, _) = TransformCheck.Verify((w, b, jacobian) => CovMatrixTransform.Constrain(w, b[0], k, jacobian), (v, f) => CovMatrixTransform.Free(v, f, k), TransformCheck.Lower(k, k, true), (AdjointCheck.Vector(y.Length), y));
        CovMatrixTransform.Check(x, "x", k);
        Assert.Equal(Math.Exp(2 * y[0]), x[0], 1e-13);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    public void A_covariance_factor_is_filled_by_rows_with_exponentials_on_the_diagonal(int rows, int cols)
    {
        double[] y = TransformCheck.Numbers(CholeskyFactorCovTransform.FreeSize(rows, cols));
        (double[] x, _) = TransformCheck.Verify(
            (w, b, jacobian) => CholeskyFactorCovTransform.Constrain(w, b[0], rows, cols, jacobian), (v, f) => CholeskyFactorCovTransform.Free(v, f, rows, cols), TransformCheck.Lower(rows, cols, true), (AdjointCheck.Vector(y.Length), y));
        Assert.Equal([Math.Exp(y[0]), y[1], y[3]], x[..3]);
        Assert.Equal(0, x[rows]);
        Assert.Equal(Math.Exp(y[2]), x[rows + 1]);
    }

    [Fact]
    public void Large_free_values_leave_correlations_finite()
    {
        double[] y = [400, -800, 30, 19, -25, 2000];
        (double[] values, double target, double[][] gradient) = TransformCheck.Evaluate((w, b, jacobian) => CholeskyFactorCorrTransform.Constrain(w, b[0], 4, jacobian), [(AdjointCheck.Vector(6), y)], true);
        Assert.All(values, value => Assert.True(double.IsFinite(value)));
        Assert.All(gradient[0], value => Assert.True(double.IsFinite(value)));
        Assert.True(double.IsFinite(target));
    }

    [Fact]
    public void Matrices_that_violate_their_constraint_are_refused_with_the_element()
    {
        Assert.Contains("not symmetric", Assert.Throws<ArgumentException>(() => CovMatrixTransform.Free([1, 0.5, 0.4, 1], new double[3], 2)).Message);
        Assert.Contains("S: the matrix is not positive definite", Assert.Throws<StanFaultException>(() => CovMatrixTransform.Check([1, 2, 2, 1], "S", 2)).Message);
        Assert.Contains("diagonal element (2, 2) is 2, but must be 1", Assert.Throws<ArgumentException>(() => CorrMatrixTransform.Free([1, 0.5, 0.5, 2], new double[1], 2)).Message);
        Assert.Contains("row 2 sum to 1.25", Assert.Throws<StanFaultException>(() => CholeskyFactorCorrTransform.Check([1, 0.5, 0, 1], "L", 2)).Message);
        Assert.Contains("must be 0 above the diagonal", Assert.Throws<StanFaultException>(() => CholeskyFactorCovTransform.Check([1, 0.5, 0.1, 1], "L", 2, 2)).Message);
        Assert.Contains("must be positive", Assert.Throws<ArgumentException>(() => CholeskyFactorCovTransform.Free([-1.0], new double[1], 1, 1)).Message);
    }
}
