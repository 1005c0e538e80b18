using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Tests.Runtime;

public sealed class ProductTests
{
    [Fact]
    public void A_product_of_matrices_has_the_adjoints_of_differences()
    {
        double[] values = AdjointCheck.Verify(
            (w, x) => Products.Multiply(w, x[0], x[1]), 1e-8, (AdjointCheck.Matrix(2, 3), [1, 2, 3, 4, 5, 6]), (AdjointCheck.Matrix(3, 2), [0.5, -1, 2, 1, 0, 3]));
        Assert.Equal([1 * 0.5 - 3 + 10, 2 * 0.5 - 4 + 12, 1 + 15, 2 + 18], values);
    }
}
