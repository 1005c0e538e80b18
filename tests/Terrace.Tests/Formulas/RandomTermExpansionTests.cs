using Terrace.Formulas;

namespace Terrace.Tests.Formulas;

/// <summary>The expansion of lme4's bars, against lme4's <c>findbars</c> and its names of grouping factors.</summary>
public class RandomTermExpansionTests
{
    [Theory]
    [InlineData("y ~ x + (1|g)", "(1 | g)")]
    [InlineData("y ~ x + (x|g)", "(1 + x | g)")]
    [InlineData("y ~ x + (1 + x|g)", "(1 + x | g)")]
    [InlineData("y ~ x + (0 + x|g)", "(0 + x | g)")]
    [InlineData("y ~ x + (x + 0 | g)", "(0 + x | g)")]
    [InlineData("y ~ x + (x - 1 | g)", "(0 + x | g)")]
    [InlineData("y ~ (x||g)", "(1 | g) + (0 + x | g)")]
    [InlineData("y ~ (1 + x||g)", "(1 | g) + (0 + x | g)")]
    [InlineData("y ~ (x + z||g)", "(1 | g) + (0 + x | g) + (0 + z | g)")]
    [InlineData("y ~ (x * z||g)", "(1 | g) + (0 + x | g) + (0 + z | g) + (0 + x:z | g)")]
    [InlineData("y ~ (0 + x||g)", "(0 + x | g)")]
    [InlineData("y ~ (1|a/b)", "(1 | b:a) + (1 | a)")]
    [InlineData("y ~ (1|a/b/c)", "(1 | c:(b:a)) + (1 | b:a) + (1 | a)")]
    [InlineData("y ~ (x - 1||a/b)", "(0 + x | b:a) + (0 + x | a)")]
    [InlineData("y ~ (1|a:b)", "(1 | a:b)")]
    [InlineData("y ~ (1|a*b)", "(1 | a) + (1 | b) + (1 | a:b)")]
    [InlineData("y ~ (x|a) + z + (1|b)", "(1 + x | a) + (1 | b)")]
    [InlineData("y ~ x + ((1 | g) + (0 + x | g))", "(1 | g) + (0 + x | g)")]
    [InlineData("y ~ (poly(x, 2) | factor(g))", "(1 + poly(x, 2) | factor(g))")]
    public void Expands_random_terms_as_lme4_does(string text, string terms)
    {
        Assert.Equal(terms, string.Join(" + ", Formula.Parse(text).RandomTerms));
    }

    [Theory]
    [InlineData("y ~ x + (1|g)", "x", true)]
    [InlineData("y ~ (1|g)", "", true)]
    [InlineData("y ~ 0 + (1|g)", "", false)]
    [InlineData("y ~ (1|g) - 1", "", false)]
    [InlineData("y ~ x + ((1 | g) + z) + (1|h)", "x + z", true)]
    [InlineData("y ~ I(a | b) + (1|g)", "I(a | b)", true)]
    public void Leaves_the_fixed_terms(string text, string terms, bool hasIntercept)
    {
        Formula formula = Formula.Parse(text);
        Assert.Equal(terms, string.Join(" + ", formula.FixedTerms));
        Assert.Equal(hasIntercept, formula.HasIntercept);
    }

    [Fact]
    public void Gives_the_factors_of_a_nested_group_in_the_order_of_its_names()
    {
        RandomTerm inner = Formula.Parse("y ~ (1|a/b/c)").RandomTerms[0];
        Assert.Equal(["c", "b", "a"], inner.GroupFactors.Select(factor => factor.ToString()));
    }

    [Theory]
    [InlineData("y ~ x | g", 6)]
    [InlineData("y ~ x * (1|g)", 10)]
    [InlineData("y ~ x - (1|g)", 10)]
    [InlineData("y ~ (1|g)^2", 6)]
    [InlineData("y ~ (1|g|h)", 6)]
    [InlineData("y ~ ((1|g)|h)", 7)]
    [InlineData("y ~ (0|g)", 6)]
    [InlineData("y ~ (1|1)", 7)]
    [InlineData("y ~ (1|g - h)", 9)]
    [InlineData("y ~ (x + offset(z)|g)", 7)]
    public void Shows_where_a_random_term_is_at_fault(string text, int position)
    {
        Assert.Equal(position, Assert.Throws<FormulaException>(() => Formula.Parse(text)).Position);
    }
}
