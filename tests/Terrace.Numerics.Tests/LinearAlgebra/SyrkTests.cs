using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Tests.LinearAlgebra;

public class SyrkTests
{
    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Updates_the_lower_triangle_and_leaves_the_upper(SimdLevel level)
    {
        foreach ((int n, int k) in new[] { (1, 1), (24, 24), (30, 7), (211, 19), (100, 300), (790, 2) })
        {
            foreach (bool transpose in new[] { false, true })
            {
                Matrix a = transpose ? RandomMatrix.Normal(k, n, 1) : RandomMatrix.Normal(n, k, 1), c = RandomMatrix.Normal(n, n, 2), expected = c.Copy();
                Matrix product = transpose ? RandomMatrix.Product(RandomMatrix.Transpose(a), a) : RandomMatrix.Product(a, RandomMatrix.Transpose(a));
                for (int j = 0; j < n; j++)
                {
                    for (int i = j; i < n; i++) expected[i, j] -= product[i, j];
                }

                Syrk.AddLower(c, -1, a, transpose, level);
                Assert.InRange(RandomMatrix.Difference(expected, c), 0, 1e-14 * (1 + k));
            }
        }
    }

    [Fact]
    public void Mirrors_the_lower_triangle()
    {
        Matrix c = RandomMatrix.Normal(37, 37, 5), mirrored = c.Copy();
        Syrk.MirrorLower(mirrored);
        Assert.Equal(0, RandomMatrix.Difference(mirrored, RandomMatrix.Transpose(mirrored)));
        Assert.Equal(0, RandomMatrix.Difference(RandomMatrix.Lower(c), RandomMatrix.Lower(mirrored)));
    }
}
