using MathNet.Numerics.Integration;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;
using Terrace.Stan.Runtime.LinearAlgebra;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>The multivariate t, Gaussian processes with one kernel, the matrix normal, and the old density of covariance matrices.</summary>
public sealed class MultivariateFamilyTests
{
    private static readonly double[] Sigma = [2, 0.3, -0.4, 0.3, 1, 0.2, -0.4, 0.2, 1.5], Y = [0.5, -1, 2, 1.5, 0.3, -0.7], Mu = [0.1, 0.4, -0.2, 0.6, -0.5, 0.9];

    private static Block Symmetric(Workspace w, Block x) => Elementwise.Multiply(w, Elementwise.Add(w, x, Reshaping.Transpose(w, x)), w.AllocateScalar(0.5, false));

    private static Dense Cube => Dense.Build.Dense(3, 3, (double[])Sigma.Clone());

    /// <summary>log N(y | μ, Σ) from its definition.</summary>
    private static double Normal(double[] y, double[] mu, Dense sigma)
    {
        Dense r = Dense.Build.Dense(y.Length, 1, (i, _) => y[i] - mu[i]);
        return (-0.5 * y.Length * Math.Log(2 * Math.PI)) - (0.5 * Math.Log(sigma.Determinant())) - (0.5 * (r.Transpose() * sigma.Inverse() * r)[0, 0]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void The_multivariate_t_is_a_normal_with_a_gamma_distributed_precision(int outcomes, int locations)
    {
        const double Nu = 4.5;
        double expected = 0;
        for (int i = 0; i < Math.Max(outcomes, locations); i++)
        {
            double[] y = Y[(i % outcomes * 3)..][..3], mu = Mu[(i % locations * 3)..][..3];
            double sum = 0;
            for (int panel = -15; panel < 5; panel++)
            {
                sum += GaussLegendreRule.Integrate(
                    u => Math.Exp(Normal(y, mu, Cube / Math.Exp(u)) + (0.5 * Nu * (Math.Log(0.5 * Nu) + u - Math.Exp(u))) - MathNet.Numerics.SpecialFunctions.GammaLn(0.5 * Nu)), panel, panel + 1, 12);
            }
            expected += Math.Log(sum);
        }
        (Block, double[]) outcome = (new Block(0, outcomes, 3, 1, true), Y[..(3 * outcomes)]), location = (new Block(0, locations, 3, 1, true), Mu[..(3 * locations)]), nu = (AdjointCheck.Scalar, [Nu]);
        Block square = AdjointCheck.Matrix(3, 3);
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => MultiStudentT.Log(w, -1, b[0], b[1], b[2], Symmetric(w, b[3])), 1e-7, outcome, nu, location, (square, Sigma))[0], 1e-10);
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => MultiStudentT.LogCholesky(w, -1, b[0], b[1], b[2], b[3]), 1e-7, outcome, nu, location, (square, Cube.Cholesky().Factor.ToColumnMajorArray()))[0], 1e-10);
    }

    [Fact]
    public void Gaussian_processes_with_one_kernel_are_normal_rows_with_scaled_covariances()
    {
        double[] scales = [0.7, 2.2];
        double expected = 0;
        for (int i = 0; i < 2; i++) expected += Normal([Y[i], Y[2 + i], Y[4 + i]], [0, 0, 0], Cube / scales[i]);
        (Block, double[]) y = (AdjointCheck.Matrix(2, 3), Y), weights = (AdjointCheck.Vector(2), scales);
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => MultiGaussianProcess.Log(w, -1, b[0], Symmetric(w, b[1]), b[2]), 1e-7, y, (AdjointCheck.Matrix(3, 3), Sigma), weights)[0], 1e-11);
        Assert.Equal(expected, AdjointCheck.Verify((w, b) => MultiGaussianProcess.LogCholesky(w, -1, b[0], b[1], b[2]), 1e-7, y, (AdjointCheck.Matrix(3, 3), Cube.Cholesky().Factor.ToColumnMajorArray()), weights)[0], 1e-11);
    }

    [Fact]
    public void The_matrix_normal_is_a_normal_whose_precision_is_a_Kronecker_product()
    {
        double[] rows = [1.3, 0.2, 0.2, 0.8];
        Dense precision = Cube.KroneckerProduct(Dense.Build.Dense(2, 2, (double[])rows.Clone()));
        double expected = Normal(Y, Mu, precision.Inverse());
        double value = AdjointCheck.Verify(
            (w, b) => MatrixNormalPrecision.Log(w, -1, b[0], b[1], Symmetric(w, b[2]), Symmetric(w, b[3])), 1e-7,
            (AdjointCheck.Matrix(2, 3), Y), (AdjointCheck.Matrix(2, 3), Mu), (AdjointCheck.Matrix(2, 2), rows), (AdjointCheck.Matrix(3, 3), Sigma))[0];
        Assert.Equal(expected, value, 1e-11);
    }

    [Fact]
    public void The_old_density_of_covariances_is_of_lognormal_deviations_and_of_correlations()
    {
        double[] mu = [0.2, -0.1, 0.4], scale = [0.5, 0.8, 1.1];
        const double Eta = 1.7;
        Dense cube = Cube;
        Dense correlation = Dense.Build.Dense(3, 3, (i, j) => cube[i, j] / Math.Sqrt(cube[i, i] * cube[j, j]));
        double expected = LkjValue(correlation.ToColumnMajorArray(), Eta);
        for (int k = 0; k < 3; k++)
        {
            double s = Math.Sqrt(cube[k, k]), z = (Math.Log(s) - mu[k]) / scale[k];
            expected -= (0.5 * z * z) + Math.Log(s * scale[k] * Math.Sqrt(2 * Math.PI));
        }
        double value = AdjointCheck.Verify(
            (w, b) => LkjCovariance.Log(w, -1, Symmetric(w, b[0]), b[1], b[2], b[3]), 1e-7,
            (AdjointCheck.Matrix(3, 3), Sigma), (AdjointCheck.Vector(3), mu), (AdjointCheck.Vector(3), scale), (AdjointCheck.Scalar, [Eta]))[0];
        Assert.Equal(expected, value, 1e-11);
        AdjointCheck.Verify(
            (w, b) => LkjCovariance.Log(w, -1, Symmetric(w, b[0]), b[1], b[2], b[3]), 1e-7, (AdjointCheck.Matrix(3, 3), Sigma), (AdjointCheck.Scalar, [0.3]), (AdjointCheck.Scalar, [0.9]), (AdjointCheck.Scalar, [Eta]));
    }

    private static double LkjValue(double[] omega, double eta)
    {
        var w = new Workspace();
        Block block = w.Allocate(1, 3, 3, false);
        omega.CopyTo(w.Values(block));
        return w.V[LkjCorrelation.Log(w, -1, block, w.AllocateScalar(eta, false)).Offset];
    }

    [Fact]
    public void Dropped_terms_of_the_multivariate_t_are_those_without_a_parameter()
    {
        double Value(double nu, double[] scale, int terms)
        {
            var w = new Workspace();
            Block y = w.AllocateVector(3, false), mu = w.AllocateVector(3, false), matrix = w.Allocate(1, 3, 3, false);
            Y[..3].CopyTo(w.Values(y));
            Mu[..3].CopyTo(w.Values(mu));
            scale.CopyTo(w.Values(matrix));
            return w.V[MultiStudentT.Log(w, terms, y, w.AllocateScalar(nu, false), mu, matrix).Offset];
        }

        double[] wide = [.. Sigma.Select(x => 2 * x)];
        // With only the location a parameter the scale's determinant goes; a difference of scales shows it.
        double full = Value(3, wide, -1) - Value(3, Sigma, -1), partial = Value(3, wide, 4) - Value(3, Sigma, 4);
        Assert.Equal(full + (1.5 * Math.Log(2)), partial, 1e-12);
        Assert.Equal(0, Value(3, Sigma, 0));
        Assert.Equal(Value(3, Sigma, -1) - Value(7, Sigma, -1), Value(3, Sigma, 2) - Value(7, Sigma, 2), 1e-12);
    }

    [Fact]
    public void Draws_of_the_multivariate_t_have_its_mean_and_covariance()
    {
        double[] expected = [.. Mu[..3], .. Sigma.Select(x => x * 12 / 10)];
        foreach (bool row in (bool[])[false, true])
        {
            DrawMoments.Verify(
                20_000,
                w =>
                {
                    Block mu = row ? w.Allocate(1, 1, 3, false) : w.AllocateVector(3, false), sigma = w.Allocate(1, 3, 3, false), nu = w.AllocateScalar(12, false);
                    Mu[..3].CopyTo(w.Values(mu));
                    Sigma.CopyTo(w.Values(sigma));
                    return () => w.Values(MultiStudentT.Draw(w, nu, mu, sigma)).ToArray();
                },
                x => DrawMoments.FirstAndSecond(x, Mu), expected);
        }
    }

    [Fact]
    public void A_draw_for_each_location_of_an_array_is_a_column_vector()
    {
        string program = """
            transformed data { array[2] row_vector[2] mu = {[100, 200], [300, 400]}; matrix[2, 2] s = [[1, 0.2], [0.2, 1]]; }
            generated quantities {
              array[2] vector[2] a = multi_student_t_rng(5, mu, s); array[2] vector[2] b = multi_normal_rng(mu, s); vector[2] c = multi_normal_cholesky_rng(mu[1], cholesky_decompose(s));
              array[2] vector[2] d = multi_student_t_cholesky_rng(5, mu, s); vector[2] e = multi_normal_prec_rng(mu[2], s);
            }
            """;
        var run = new Terrace.Stan.Tests.Language.Program(program);
        double[] centres = [100, 300, 200, 400];
        foreach (string name in (string[])["a", "b", "d"])
        {
            double[] x = run.Values(name);
            for (int i = 0; i < 4; i++) Assert.Equal(centres[i], x[i], 40.0);
        }
        Assert.Equal(100, run.Values("c")[0], 10.0);
        Assert.Equal(400, run.Values("e")[1], 10.0);
    }

    [Theory]
    [InlineData("multi_student_t_lpdf([0, 1]' | -1, [0, 0]', identity_matrix(2))", "multi_student_t_lpdf: degrees of freedom is -1")]
    [InlineData("multi_student_t_lpdf([0, 1]' | 1, [0, 0]', [[1, 2], [2, 1]])", "multi_student_t_lpdf: the matrix is not positive definite")]
    [InlineData("multi_gp_lpdf([[0, 1]] | identity_matrix(2), [-1]')", "multi_gp_lpdf: inverse scale is -1")]
    [InlineData("wishart_cholesky_lpdf([[1, 1], [0, 1]] | 3, identity_matrix(2))", "wishart_cholesky_lpdf: element (1, 2) of a Cholesky factor is 1")]
    [InlineData("inv_wishart_cholesky_lpdf(identity_matrix(2) | 0.5, identity_matrix(2))", "inv_wishart_cholesky_lpdf: degrees of freedom are 0.5")]
    [InlineData("lkj_corr_rng(2, -1)[1, 1]", "lkj_corr_rng: shape is -1")]
    [InlineData("wishart_rng(1, identity_matrix(3))[1, 1]", "wishart_rng: degrees of freedom are 1")]
    public void Arguments_outside_the_domain_are_refused(string expression, string message)
    {
        StanRunException fault = Assert.Throws<StanRunException>(() => new Terrace.Stan.Tests.Language.Program($"transformed data {{ real x = {expression}; }}"));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
