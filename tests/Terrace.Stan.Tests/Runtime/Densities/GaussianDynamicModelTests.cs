using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;
using Terrace.Stan.Runtime.LinearAlgebra;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>The Gaussian dynamic linear model: the filter against the joint normal distribution of all observations.</summary>
public sealed class GaussianDynamicModelTests
{
    private const int Times = 3;
    private static readonly double[] F = [1, 0.3, -0.5, 0.8], G = [0.9, -0.2, 0.1, 0.7], V = [0.6, 0.1, 0.1, 0.4], W = [0.3, -0.05, -0.05, 0.2], M0 = [0.5, -0.2], C0 = [1, 0.2, 0.2, 0.7], Y = [0.4, -0.6, 1.2, 0.1, -0.3, 0.9];

    private static Dense Square(double[] x) => Dense.Build.Dense(2, 2, (double[])x.Clone());

    /// <summary>Mean and covariance of the observations, times one after the other.</summary>
    private static (double[] Mean, Dense Covariance) Joint(Dense v)
    {
        Dense f = Square(F), g = Square(G), mean = Dense.Build.Dense(2, 1, M0), variance = Square(C0), result = Dense.Build.Dense(2 * Times, 2 * Times);
        var means = new double[2 * Times];
        for (int t = 0; t < Times; t++)
        {
            mean = g * mean;
            variance = (g * variance * g.Transpose()) + Square(W);
            Dense at = f.Transpose() * mean, across = variance;
            means[2 * t] = at[0, 0];
            means[(2 * t) + 1] = at[1, 0];
            for (int s = t; s < Times; s++, across = g * across)
            {
                Dense block = f.Transpose() * across * f;
                if (s == t) block += v;
                result.SetSubMatrix(2 * s, 2 * t, block);
                result.SetSubMatrix(2 * t, 2 * s, block.Transpose());
            }
        }
        return (means, result);
    }

    private static Block Symmetric(Workspace w, Block x) => Elementwise.Multiply(w, Elementwise.Add(w, x, Reshaping.Transpose(w, x)), w.AllocateScalar(0.5, false));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_filter_gives_the_joint_density(bool diagonal)
    {
        (double[] mean, Dense covariance) = Joint(diagonal ? Dense.Build.DenseOfDiagonalArray([0.6, 0.4]) : Square(V));
        Dense r = Dense.Build.Dense(2 * Times, 1, (i, _) => Y[i] - mean[i]);
        double expected = (-Times * Math.Log(2 * Math.PI)) - (0.5 * Math.Log(covariance.Determinant())) - (0.5 * (r.Transpose() * covariance.Inverse() * r)[0, 0]);
        Block square = AdjointCheck.Matrix(2, 2);
        (Block, double[]) v = diagonal ? (AdjointCheck.Vector(2), [0.6, 0.4]) : (square, V);
        double value = AdjointCheck.Verify(
            (w, b) => GaussianDynamicModel.Log(w, -1, b[0], b[1], b[2], diagonal ? b[3] : Symmetric(w, b[3]), Symmetric(w, b[4]), b[5], Symmetric(w, b[6])), 1e-6,
            (AdjointCheck.Matrix(2, Times), Y), (square, F), (square, G), v, (square, W), (AdjointCheck.Vector(2), M0), (square, C0))[0];
        Assert.Equal(expected, value, 1e-11);
    }

    [Fact]
    public void One_state_and_one_variable_are_a_normal_random_walk()
    {
        var program = new Terrace.Stan.Tests.Language.Program("""
            transformed data { matrix[1, 3] y = [[0.4, -0.2, 1.1]]; }
            parameters { real<lower=0> v; real<lower=0> s; }
            model { y ~ gaussian_dlm_obs([[1]], [[1]], [[v]], [[s]], [0.3]', [[2]]); }
            generated quantities { real joint = multi_normal_lpdf([0.4, -0.2, 1.1]' | rep_vector(0.3, 3), [[2 + s + v, 2 + s, 2 + s], [2 + s, 2 + 2 * s + v, 2 + 2 * s], [2 + s, 2 + 2 * s, 2 + 3 * s + v]]); }
            """);
        program.VerifyGradient();
        double[] at = [0.2, -0.4];
        // The statement drops the constant.
        Assert.Equal(program.Values("joint", at)[0] + (1.5 * Math.Log(2 * Math.PI)), program.Evaluate(at, jacobian: false).Value, 1e-10);
    }

    [Fact]
    public void Draws_have_the_joint_mean_and_covariance()
    {
        (double[] mean, Dense covariance) = Joint(Square(V));
        DrawMoments.Verify(
            10_000,
            w =>
            {
                Block[] blocks = [.. ((double[][])[F, G, V, W, M0, C0]).Select(x =>
                {
                    Block block = x.Length == 2 ? w.AllocateVector(2, false) : w.Allocate(1, 2, 2, false);
                    x.CopyTo(w.Values(block));
                    return block;
                })];
                return () => w.Values(GaussianDynamicModel.Draw(w, blocks[0], blocks[1], blocks[2], blocks[3], blocks[4], blocks[5], Times)).ToArray();
            },
            x => DrawMoments.FirstAndSecond(x, mean), [.. mean, .. covariance.ToColumnMajorArray()]);
    }
}
