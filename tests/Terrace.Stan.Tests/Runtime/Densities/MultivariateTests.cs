using Terrace.Numerics.RandomNumbers;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;
using Terrace.Stan.Runtime.LinearAlgebra;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Terrace.Stan.Tests.Runtime.Densities;

public sealed class MultivariateTests
{
    private static readonly double[] Sigma = [2, 0.3, -0.4, 0.3, 1, 0.2, -0.4, 0.2, 1.5], Y = [0.5, -1, 2, 1.5, 0.3, -0.7], Mu = [0.1, 0.4, -0.2, 0.6, -0.5, 0.9];

    private static Block Symmetric(Workspace w, Block x) => Elementwise.Multiply(w, Elementwise.Add(w, x, Reshaping.Transpose(w, x)), w.AllocateScalar(0.5, false));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void The_multivariate_normal_by_covariance_factor_and_precision(int outcomes, int means)
    {
        Dense s = Dense.Build.Dense(3, 3, (double[])Sigma.Clone());
        double expected = 0;
        for (int i = 0; i < Math.Max(outcomes, means); i++)
        {
            Dense r = Dense.Build.Dense(3, 1, (k, _) => Y[(i % outcomes * 3) + k] - Mu[(i % means * 3) + k]);
            expected -= (1.5 * Math.Log(2 * Math.PI)) + (0.5 * Math.Log(s.Determinant())) + (0.5 * (r.Transpose() * s.Inverse() * r)[0, 0]);
        }
        (Block, double[]) y = (new Block(0, outcomes, 3, 1, true), Y[..(3 * outcomes)]), mu = (new Block(0, means, 3, 1, true), Mu[..(3 * means)]);
        Block square = AdjointCheck.Matrix(3, 3);
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => MultiNormal.Log(w, -1, b[0], b[1], Symmetric(w, b[2])), 1e-7, y, mu, (square, Sigma))[0], 1e-11);
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => MultiNormal.LogCholesky(w, -1, b[0], b[1], b[2]), 1e-7, y, mu, (square, s.Cholesky().Factor.ToColumnMajorArray()))[0], 1e-11);
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => MultiNormal.LogPrecision(w, -1, b[0], b[1], Symmetric(w, b[2])), 1e-7, y, mu, (square, s.Inverse().ToColumnMajorArray()))[0], 1e-11);
        double quadratic = expected + (Math.Max(outcomes, means) * ((1.5 * Math.Log(2 * Math.PI)) + (0.5 * Math.Log(s.Determinant()))));
        double[] factor = s.Cholesky().Factor.ToColumnMajorArray();
        Block Data(Workspace w)
        {
            Block data = w.Allocate(1, 3, 3, false);
            factor.CopyTo(w.Values(data));
            return data;
        }
        Assert.Equal(quadratic, AdjointCheck.Verify((w, b) => MultiNormal.LogCholesky(w, 2, b[0], b[1], Data(w)), 1e-7, y, mu)[0], 1e-11);
    }

    [Fact]
    public void Draws_of_the_multivariate_normal_have_its_mean_and_covariance()
    {
        const int N = 40000;
        var w = new Workspace { Rng = new Rng(3, 1) };
        Block mu = w.AllocateVector(3, false), sigma = w.Allocate(1, 3, 3, false);
        Mu[..3].CopyTo(w.Values(mu));
        Sigma.CopyTo(w.Values(sigma));
        int top = w.Top;
        double[] mean = new double[3], second = new double[9];
        for (int n = 0; n < N; n++, w.Top = top)
        {
            double[] x = w.Values(MultiNormal.Draw(w, mu, sigma)).ToArray();
            for (int i = 0; i < 3; i++)
            {
                mean[i] += x[i] / N;
                for (int j = 0; j < 3; j++) second[(j * 3) + i] += (x[i] - Mu[i]) * (x[j] - Mu[j]) / N;
            }
        }
        for (int i = 0; i < 3; i++) Assert.Equal(Mu[i], mean[i], 0.04);
        for (int i = 0; i < 9; i++) Assert.Equal(Sigma[i], second[i], 0.08);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(1)]
    [InlineData(3.5)]
    public void The_LKJ_density_of_two_variables_is_that_of_a_stretched_beta(double eta)
    {
        const double R = 0.4;
        // (r + 1) / 2 is Beta(η, η).
        double expected = ((eta - 1) * Math.Log(1 - (R * R))) - (((2 * eta) - 1) * Math.Log(2)) - MathNet.Numerics.SpecialFunctions.BetaLn(eta, eta);
        double[] omega = [1, R, R, 1], l = [1, R, 0, Math.Sqrt(1 - (R * R))];
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => LkjCorrelation.Log(w, -1, Symmetric(w, b[0]), b[1]), 1e-7, (AdjointCheck.Matrix(2, 2), omega), (AdjointCheck.Scalar, [eta]))[0], 1e-12);
        // The element below the diagonal is r itself, so both densities agree.
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => LkjCorrelation.LogCholesky(w, -1, b[0], b[1]), 1e-7, (AdjointCheck.Matrix(2, 2), l), (AdjointCheck.Scalar, [eta]))[0], 1e-12);
    }

    [Fact]
    public void The_LKJ_density_of_a_factor_is_that_of_the_matrix_with_the_jacobian_of_the_product()
    {
        double[] omega = [1, 0.3, -0.4, 0.3, 1, 0.2, -0.4, 0.2, 1];
        Dense l = Dense.Build.Dense(3, 3, (double[])omega.Clone()).Cholesky().Factor;
        double matrix = AdjointCheck.Verify((w, b) => LkjCorrelation.Log(w, -1, Symmetric(w, b[0]), b[1]), 1e-7, (AdjointCheck.Matrix(3, 3), omega), (AdjointCheck.Scalar, [2.5]))[0];
        double factor = AdjointCheck.Verify((w, b) => LkjCorrelation.LogCholesky(w, -1, b[0], b[1]), 1e-7, (AdjointCheck.Matrix(3, 3), l.ToColumnMajorArray()), (AdjointCheck.Scalar, [2.5]))[0];
        // |∂Ω/∂L| = Π L_kk^(K − k) over the elements below the diagonal.
        Assert.Equal(matrix + Math.Log(l[1, 1]), factor, 1e-12);
    }

    [Fact]
    public void The_wishart_of_one_variable_is_a_gamma_and_its_inverse_an_inverse_gamma()
    {
        const double X = 1.7, Nu = 3.4, S = 0.8;
        double gamma = (0.5 * Nu * Math.Log(0.5 / S)) - MathNet.Numerics.SpecialFunctions.GammaLn(0.5 * Nu) + (((0.5 * Nu) - 1) * Math.Log(X)) - (0.5 * X / S);
        double inverse = (0.5 * Nu * Math.Log(0.5 * S)) - MathNet.Numerics.SpecialFunctions.GammaLn(0.5 * Nu) - (((0.5 * Nu) + 1) * Math.Log(X)) - (0.5 * S / X);
        Assert.Equal(gamma, AdjointCheck.Verify((w, b) => WishartDistribution.Log(w, -1, b[0], b[1], b[2]), 1e-7, (AdjointCheck.Scalar, [X]), (AdjointCheck.Scalar, [Nu]), (AdjointCheck.Scalar, [S]))[0], 1e-12);
        Assert.Equal(inverse, AdjointCheck.Verify((w, b) => WishartDistribution.LogInverse(w, -1, b[0], b[1], b[2]), 1e-7, (AdjointCheck.Scalar, [X]), (AdjointCheck.Scalar, [Nu]), (AdjointCheck.Scalar, [S]))[0], 1e-12);
    }

    [Fact]
    public void The_inverse_wishart_is_the_wishart_of_the_inverse_with_its_jacobian()
    {
        double[] x = [1, 0.3, -0.4, 0.3, 1, 0.2, -0.4, 0.2, 1];
        Dense matrix = Dense.Build.Dense(3, 3, (double[])x.Clone()), scale = Dense.Build.Dense(3, 3, (double[])Sigma.Clone());
        (Block, double[]) nu = (AdjointCheck.Scalar, [4.5]);
        Block square = AdjointCheck.Matrix(3, 3);
        double inverse = AdjointCheck.Verify((w, b) => WishartDistribution.LogInverse(w, -1, Symmetric(w, b[0]), b[1], Symmetric(w, b[2])), 1e-6, (square, x), nu, (square, Sigma))[0];
        double direct = AdjointCheck.Verify(
            (w, b) => WishartDistribution.Log(w, -1, Symmetric(w, b[0]), b[1], Symmetric(w, b[2])), 1e-6, (square, matrix.Inverse().ToColumnMajorArray()), nu, (square, scale.Inverse().ToColumnMajorArray()))[0];
        // |d X⁻¹ / d X| = |X|^−(K + 1).
        Assert.Equal(direct - (4 * Math.Log(matrix.Determinant())), inverse, 1e-10);
    }
}
