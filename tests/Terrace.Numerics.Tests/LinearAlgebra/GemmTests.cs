using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Tests.LinearAlgebra;

public class GemmTests
{
    private static readonly (int M, int N, int K)[] Shapes = [(1, 1, 1), (24, 8, 5), (25, 9, 97), (47, 31, 300), (200, 17, 40), (5, 790, 3), (193, 20, 257), (3, 0, 4), (3, 4, 0)];

    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Adds_the_product_for_every_shape_and_transposition(SimdLevel level)
    {
        foreach ((int m, int n, int k) in Shapes)
        {
            for (int form = 0; form < 4; form++)
            {
                bool ta = (form & 1) != 0, tb = (form & 2) != 0;
                Matrix a = ta ? RandomMatrix.Normal(k, m, 1) : RandomMatrix.Normal(m, k, 1), b = tb ? RandomMatrix.Normal(n, k, 2) : RandomMatrix.Normal(k, n, 2);
                Matrix c = RandomMatrix.Normal(m, n, 3), expected = c.Copy();
                Matrix product = RandomMatrix.Product(ta ? RandomMatrix.Transpose(a) : a, tb ? RandomMatrix.Transpose(b) : b);
                for (int i = 0; i < expected.Values.Length; i++) expected.Values[i] -= 0.5 * product.Values[i];
                Gemm.AddProduct(c, -0.5, a, ta, b, tb, level);
                Assert.InRange(RandomMatrix.Difference(expected, c), 0, 1e-14 * (1 + k));
            }
        }
    }

    [Fact]
    public void Refuses_shapes_that_do_not_fit() =>
        Assert.Throws<ArgumentException>(() => Gemm.AddProduct(new Matrix(2, 2), 1, new Matrix(2, 3), false, new Matrix(2, 2), false));
}
