using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Tests.Runtime.LinearAlgebra;

public sealed class GaussianProcessTests
{
    private static readonly double[] X = [0.1, 1.2, -0.4, 0.8, 2.1, -1.3], Y = [0.5, -0.7, 1.9, 0.3];

    private delegate Block Among(Workspace w, Block x, Block sigma, Block length);

    private delegate Block Across(Workspace w, Block x, Block y, Block sigma, Block length);

    [Fact]
    public void Stationary_covariances_follow_their_formulas_in_one_and_two_dimensions()
    {
        (Among Within, Across Between, Func<double, double> Correlation)[] kernels =
        [
            (GaussianProcesses.ExponentiatedQuadratic, GaussianProcesses.ExponentiatedQuadraticBetween, r => Math.Exp(-r * r / 2)),
            (GaussianProcesses.Exponential, GaussianProcesses.ExponentialBetween, r => Math.Exp(-r)),
            (GaussianProcesses.Matern32, GaussianProcesses.Matern32Between, r => (1 + (Math.Sqrt(3) * r)) * Math.Exp(-Math.Sqrt(3) * r)),
            (GaussianProcesses.Matern52, GaussianProcesses.Matern52Between, r => (1 + (Math.Sqrt(5) * r) + (5 * r * r / 3)) * Math.Exp(-Math.Sqrt(5) * r)),
        ];
        foreach ((Among within, Across between, Func<double, double> correlation) in kernels)
        {
            foreach (int d in (int[])[1, 2])
            {
                foreach (double[] length in d == 1 ? (double[][])[[0.8]] : [[0.8], [0.5, 1.7]])
                {
                    (Block, double[]) x = (new Block(0, 6 / d, d, 1, true), X), y = (new Block(0, 4 / d, d, 1, true), Y), sigma = (AdjointCheck.Scalar, [1.3]), scale = (new Block(0, length.Length, 1, 1, true), length);
                    Compare(AdjointCheck.Verify((w, b) => within(w, b[0], b[1], b[2]), 1e-6, x, sigma, scale), X, X, d, r => 1.69 * correlation(r), length);
                    Compare(AdjointCheck.Verify((w, b) => between(w, b[0], b[1], b[2], b[3]), 1e-6, x, y, sigma, scale), X, Y, d, r => 1.69 * correlation(r), length);
                }
            }
        }
    }

    [Fact]
    public void Periodic_and_linear_covariances_follow_their_formulas()
    {
        (Block, double[]) x = (new Block(0, 3, 2, 1, true), X), y = (new Block(0, 2, 2, 1, true), Y), sigma = (AdjointCheck.Scalar, [1.3]), length = (AdjointCheck.Scalar, [0.9]), period = (AdjointCheck.Scalar, [1.6]);
        double Sine(double difference) => Math.Sin(Math.PI * difference / 1.6);
        double Periodic(int i, int j, double[] b) => 1.69 * Math.Exp(-2 * (Math.Pow(Sine(X[2 * i] - b[2 * j]), 2) + Math.Pow(Sine(X[(2 * i) + 1] - b[(2 * j) + 1]), 2)) / 0.81);
        double Linear(int i, int j, double[] b) => 1.69 + (X[2 * i] * b[2 * j]) + (X[(2 * i) + 1] * b[(2 * j) + 1]);
        Check(AdjointCheck.Verify((w, b) => GaussianProcesses.Periodic(w, b[0], b[1], b[2], b[3]), 1e-6, x, sigma, length, period), X, Periodic);
        Check(AdjointCheck.Verify((w, b) => GaussianProcesses.PeriodicBetween(w, b[0], b[1], b[2], b[3], b[4]), 1e-6, x, y, sigma, length, period), Y, Periodic);
        Check(AdjointCheck.Verify((w, b) => GaussianProcesses.DotProduct(w, b[0], b[1]), 1e-6, x, sigma), X, Linear);
        Check(AdjointCheck.Verify((w, b) => GaussianProcesses.DotProductBetween(w, b[0], b[1], b[2]), 1e-6, x, y, sigma), Y, Linear);
    }

    [Fact]
    public void Parameters_that_are_not_positive_are_refused()
    {
        var w = new Workspace();
        Block x = w.Allocate(2, 1, 1, false);
        Assert.Contains("length_scale is 0", Assert.Throws<StanFaultException>(() => GaussianProcesses.Matern32(w, x, w.AllocateScalar(1, false), w.AllocateScalar(0, false))).Message);
    }

    private static void Check(double[] values, double[] b, Func<int, int, double[], double> formula)
    {
        for (int j = 0; j < b.Length / 2; j++)
            for (int i = 0; i < 3; i++) Assert.Equal(formula(i, j, b), values[(j * 3) + i], 1e-12);
    }

    private static void Compare(double[] values, double[] a, double[] b, int d, Func<double, double> covariance, double[] length)
    {
        int n = a.Length / d;
        for (int j = 0; j < b.Length / d; j++)
            for (int i = 0; i < n; i++)
                Assert.Equal(covariance(Math.Sqrt(Enumerable.Range(0, d).Sum(k => Math.Pow((a[(i * d) + k] - b[(j * d) + k]) / length[k % length.Length], 2)))), values[(j * n) + i], 1e-12);
    }
}
