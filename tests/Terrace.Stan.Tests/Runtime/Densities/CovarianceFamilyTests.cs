using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.Densities;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Terrace.Stan.Tests.Runtime.Densities;

/// <summary>Wishart matrices by their Cholesky factors, and draws of Wishart, inverse Wishart and LKJ matrices.</summary>
public sealed class CovarianceFamilyTests
{
    private const double Nu = 7.5;
    private static readonly double[] Scale = [0.5, 0.1, -0.2, 0.1, 0.8, 0.3, -0.2, 0.3, 1.2], Value = [1.2, 0.4, -0.3, 0.4, 2, 0.1, -0.3, 0.1, 0.9];

    private static Dense Matrix(double[] x) => Dense.Build.Dense(3, 3, (double[])x.Clone());

    /// <summary>The log of the determinant of the map from the lower triangle of L to that of L Lᵀ, by differences.</summary>
    private static double LogJacobian(Dense l)
    {
        (int, int)[] places = [.. from j in Enumerable.Range(0, 3) from i in Enumerable.Range(j, 3 - j) select (i, j)];
        Dense jacobian = Dense.Build.Dense(6, 6);
        for (int c = 0; c < 6; c++)
        {
            Dense high = l.Clone(), low = l.Clone();
            high[places[c].Item1, places[c].Item2] += 1e-5;
            low[places[c].Item1, places[c].Item2] -= 1e-5;
            Dense difference = ((high * high.Transpose()) - (low * low.Transpose())) / 2e-5;
            for (int r = 0; r < 6; r++) jacobian[r, c] = difference[places[r].Item1, places[r].Item2];
        }
        return Math.Log(Math.Abs(jacobian.Determinant()));
    }

    /// <summary>A lower triangular matrix of the six values of its triangle, by a map that keeps adjoints.</summary>
    private static Block Triangle(Workspace w, Block x)
    {
        Block result = w.Allocate(1, 3, 3, x.Active && w.Differentiating);
        w.Values(result).Clear();
        int place = 0;
        for (int j = 0; j < 3; j++)
            for (int i = j; i < 3; i++) Copies.Assign(w, result.Offset + (j * 3) + i, 1, x.Offset + place++, 1, x.Active, x.Active);
        return result;
    }

    private static double[] Lower(Dense l) => [l[0, 0], l[1, 0], l[2, 0], l[1, 1], l[2, 1], l[2, 2]];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_density_of_a_factor_is_that_of_the_matrix_with_the_Jacobian_of_the_product(bool inverse)
    {
        Dense l = Matrix(Value).Cholesky().Factor, scale = Matrix(Scale).Cholesky().Factor;
        var own = new Workspace();
        Block x = own.Allocate(1, 3, 3, false), s = own.Allocate(1, 3, 3, false), nu = own.AllocateScalar(Nu, false);
        Value.CopyTo(own.Values(x));
        Scale.CopyTo(own.Values(s));
        double expected = own.V[(inverse ? WishartDistribution.LogInverse(own, -1, x, nu, s) : WishartDistribution.Log(own, -1, x, nu, s)).Offset] + LogJacobian(l);
        double value = AdjointCheck.Verify(
            (w, b) => inverse ? WishartFactors.LogInverse(w, -1, Triangle(w, b[0]), b[1], Triangle(w, b[2])) : WishartFactors.Log(w, -1, Triangle(w, b[0]), b[1], Triangle(w, b[2])), 1e-7,
            (AdjointCheck.Vector(6), Lower(l)), (AdjointCheck.Scalar, [Nu]), (AdjointCheck.Vector(6), Lower(scale)))[0];
        Assert.Equal(expected, value, 1e-8);
    }

    public static TheoryData<string> Samplers => ["wishart", "wishart_cholesky", "inv_wishart", "inv_wishart_cholesky"];

    /// <summary>E W = ν S of a Wishart matrix; of an inverse Wishart matrix the inverse is Wishart with scale S⁻¹.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void Draws_have_the_mean_and_the_variances_of_a_Wishart_matrix(string name)
    {
        bool inverse = name.StartsWith("inv", StringComparison.Ordinal), factor = name.EndsWith("cholesky", StringComparison.Ordinal);
        Dense scale = inverse ? Matrix(Scale).Inverse() : Matrix(Scale);
        double[] mean = (Nu * scale).ToColumnMajorArray(), variance = [.. from j in Enumerable.Range(0, 3) from i in Enumerable.Range(0, 3) select Nu * ((scale[i, j] * scale[i, j]) + (scale[i, i] * scale[j, j]))];
        DrawMoments.Verify(
            10_000,
            w =>
            {
                Block s = w.Allocate(1, 3, 3, false), nu = w.AllocateScalar(Nu, false);
                (factor ? Matrix(Scale).Cholesky().Factor.ToColumnMajorArray() : Scale).CopyTo(w.Values(s));
                return () => w.Values(name switch
                {
                    "wishart" => WishartDraws.Wishart(w, nu, s),
                    "wishart_cholesky" => WishartDraws.WishartFactor(w, nu, s),
                    "inv_wishart" => WishartDraws.InverseWishart(w, nu, s),
                    _ => WishartDraws.InverseWishartFactor(w, nu, s),
                }).ToArray();
            },
            x =>
            {
                Dense draw = Matrix(x);
                if (factor)
                {
                    Assert.True(draw[0, 1] == 0 && draw[0, 2] == 0 && draw[1, 2] == 0 && draw[0, 0] > 0 && draw[1, 1] > 0 && draw[2, 2] > 0);
                    draw *= draw.Transpose();
                }
                double[] values = (inverse ? draw.Inverse() : draw).ToColumnMajorArray();
                return [.. values, .. values.Select((v, i) => (v - mean[i]) * (v - mean[i]))];
            },
            [.. mean, .. variance]);
    }

    /// <summary>Each correlation of a K × K LKJ matrix is a stretched Beta(η + K/2 − 1, ·) variate: its first, second and fourth moments.</summary>
    [Theory]
    [InlineData(0.6, 2)]
    [InlineData(1, 4)]
    [InlineData(3.5, 4)]
    public void Draws_of_LKJ_matrices_have_beta_distributed_correlations(double eta, int size)
    {
        double a = eta + (0.5 * size) - 1;
        // Moments of 2B − 1: E r² = 1/(2a + 1), E r⁴ = 3/((2a + 1)(2a + 3)).
        double[] expected = [.. from i in Enumerable.Range(0, size * (size - 1) / 2) from m in (double[])[0, 1 / ((2 * a) + 1), 3 / (((2 * a) + 1) * ((2 * a) + 3))] select m];
        foreach (bool factor in (bool[])[false, true])
        {
            DrawMoments.Verify(
                10_000,
                w =>
                {
                    Block shape = w.AllocateScalar(eta, false);
                    return () => w.Values(factor ? LkjDraws.Cholesky(w, size, shape) : LkjDraws.Matrix(w, size, shape)).ToArray();
                },
                x =>
                {
                    Dense draw = Dense.Build.Dense(size, size, x);
                    if (factor) draw *= draw.Transpose();
                    for (int i = 0; i < size; i++) Assert.Equal(1, draw[i, i], 1e-14);
                    return [.. from j in Enumerable.Range(0, size) from i in Enumerable.Range(j + 1, size - j - 1) from power in (int[])[1, 2, 4] select Math.Pow(draw[i, j], power)];
                },
                expected);
        }
    }
}
