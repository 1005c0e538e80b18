using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Tests.LinearAlgebra;

public class TrsmTests
{
    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Solves_from_both_sides_with_the_factor_and_its_transpose(SimdLevel level)
    {
        foreach ((int n, int m) in new[] { (1, 1), (16, 8), (17, 3), (40, 21), (150, 70) })
        {
            Matrix l = Factor(n), upper = RandomMatrix.Transpose(l), left = RandomMatrix.Normal(n, m, 2), right = RandomMatrix.Normal(m, n, 3);
            Assert.InRange(Residual(left, level, x => Trsm.SolveLeft(l, false, x, level), x => RandomMatrix.Product(l, x)), 0, 1e-11);
            Assert.InRange(Residual(left, level, x => Trsm.SolveLeft(l, true, x, level), x => RandomMatrix.Product(upper, x)), 0, 1e-11);
            Assert.InRange(Residual(right, level, x => Trsm.SolveRight(l, false, x, level), x => RandomMatrix.Product(x, l)), 0, 1e-11);
            Assert.InRange(Residual(right, level, x => Trsm.SolveRight(l, true, x, level), x => RandomMatrix.Product(x, upper)), 0, 1e-11);
        }
    }

    [Fact]
    public void Refuses_shapes_that_do_not_fit() => Assert.Throws<ArgumentException>(() => Trsm.SolveLeft(new Matrix(2, 2), false, new Matrix(3, 1)));

    private static Matrix Factor(int n)
    {
        Matrix l = RandomMatrix.Lower(RandomMatrix.Definite(n, 1));
        Assert.True(Cholesky.TryFactor(l));
        return l;
    }

    private static double Residual(Matrix b, SimdLevel level, Action<Matrix> solve, Func<Matrix, Matrix> multiply)
    {
        Assert.True(SimdSupport.Runs(level));
        Matrix x = b.Copy();
        solve(x);
        return RandomMatrix.Difference(b, multiply(x));
    }
}
