namespace Terrace.Stan.Tests.Language;

/// <summary>Empty containers and impossible sizes: a value or a fault with a sentence, never an exception of the platform.</summary>
public sealed class EdgeSizeTests
{
    [Theory]
    [InlineData("size(inv_logit(rep_vector(0, 0)))", 0)]
    [InlineData("size(singular_values(rep_matrix(0, 0, 2)))", 0)]
    [InlineData("cols(svd_U(rep_matrix(0, 3, 0))) + rows(svd_V(rep_matrix(0, 0, 2)))", 2)]
    [InlineData("rows(generalized_inverse(rep_matrix(0, 0, 2)))", 2)]
    [InlineData("sum(generalized_inverse(rep_matrix(0, 2, 3)))", 0)]
    [InlineData("singular_values([[1e300, 0], [0, 2e300]])[1]", 2e300)]
    [InlineData("generalized_inverse([[2e300]])[1, 1]", 5e-301)]
    [InlineData("multi_normal_lpdf(rep_vector(0, 0) | rep_vector(0, 0), rep_matrix(0, 0, 0)) + wishart_cholesky_lpdf(rep_matrix(0, 0, 0) | 1, rep_matrix(0, 0, 0))", 0)]
    [InlineData("poisson_binomial_lpmf(0 | rep_vector(0, 0))", 0)]
    [InlineData("sum(simplex_constrain(rep_vector(0, 0)))", 1)]
    public void Empty_and_extreme_containers_have_values(string expression, double expected)
    {
        double value = new Program($"generated quantities {{ real x = {expression}; }}").Values("x")[0];
        Assert.Equal(expected, value, 1e-12 * Math.Max(1, Math.Abs(expected)));
        // Not only close to nothing: the smallest ones are right as well.
        if (expected is > 0 and < 1) Assert.InRange(value / expected, 1 - 1e-12, 1 + 1e-12);
    }

    [Theory]
    [InlineData("real x = categorical_logit_lpmf(1 | rep_vector(0, 0));", "outcome 1 is 1")]
    [InlineData("real x = sum(rep_matrix(1, 100000, 1000000));", "which is the limit")]
    [InlineData("int x = size(rep_array(1, 100000, 1000000));", "which is the limit")]
    [InlineData("real x = sum(lkj_corr_rng(100000, 1));", "which is the limit")]
    [InlineData("vector[1] x = singular_values([[positive_infinity()]]);", "singular_values: an element is")]
    public void Impossible_sizes_are_told(string statement, string message) =>
        Assert.Contains(message, Assert.Throws<StanRunException>(() => new Program($"transformed data {{ {statement} }}")).Message, StringComparison.Ordinal);
}
