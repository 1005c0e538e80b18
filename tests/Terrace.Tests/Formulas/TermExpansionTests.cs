using Terrace.Formulas;

namespace Terrace.Tests.Formulas;

/// <summary>The expansion of fixed terms, against what R's <c>terms()</c> gives.</summary>
public class TermExpansionTests
{
    public static TheoryData<string, bool, string> Expansions => new()
    {
        { "y ~ a + b + a:b", true, "a + b + a:b" },
        { "y ~ a*b*c", true, "a + b + c + a:b + a:c + b:c + a:b:c" },
        { "y ~ a*b*c - a:b:c", true, "a + b + c + a:b + a:c + b:c" },
        { "y ~ (a+b+c)^2", true, "a + b + c + a:b + a:c + b:c" },
        { "y ~ (a+b+c+d)^3 - a:b", true, "a + b + c + d + a:c + a:d + b:c + b:d + c:d + a:b:c + a:b:d + a:c:d + b:c:d" },
        { "y ~ a/b", true, "a + a:b" },
        { "y ~ a/b/c", true, "a + a:b + a:b:c" },
        { "y ~ (a+b)/c", true, "a + b + a:b:c" },
        { "y ~ a/(b+c)", true, "a + a:b + a:c" },
        { "y ~ a/(b*c)", true, "a + a:b + a:c + a:b:c" },
        { "y ~ b:a + a", true, "a + b:a" },
        { "y ~ a + b:a", true, "a + a:b" },
        { "y ~ c + b:a + a*d", true, "c + a + d + b:a + a:d" },
        { "y ~ a %in% b", true, "a:b" },
        { "y ~ a + b %in% a", true, "a + a:b" },
        { "y ~ (a+b) %in% (c+d)", true, "a:c:d + b:c:d" },
        { "y ~ 0 + a", false, "a" },
        { "y ~ a - 1", false, "a" },
        { "y ~ a + 0 + 1", true, "a" },
        { "y ~ -1 + 1 + a", true, "a" },
        { "y ~ a - 0", true, "a" },
        { "y ~ (a - 1):b", false, "a:b" },
        { "y ~ a*(b + c:d)", true, "a + b + c:d + a:b + a:c:d" },
        { "y ~ a:b:c + b:a", true, "a:b + a:b:c" },
        { "y ~ a + a + b + a", true, "a + b" },
        { "y ~ a*b - a", true, "b + a:b" },
        { "y ~ (a*b - a)^2", true, "b + a:b" },
        { "y ~ (a+b):(c+d)", true, "a:c + a:d + b:c + b:d" },
        { "y ~ log(a)*b", true, "log(a) + b + log(a):b" },
        { "y ~ a + offset(e) + b:offset(e) + a:b", true, "a + a:b" },
        { "y ~ (((a)))", true, "a" },
        { "y ~ a - (b + a) + c", true, "c" },
        { "y ~ +a + -b", true, "a" },
        { "y ~ I(a + b) + I(a + b):c", true, "I(a + b) + I(a + b):c" },
        { "y ~ a == 1", true, "a == 1" },
        { "y ~ a^2", true, "a" },
        { "y ~ (a:b + c)^2", true, "c + a:b + a:b:c" },
        { "y ~ a*b/c", true, "a + b + a:b + a:b:c" },
        { "y ~ a:(b/c)", true, "a:b + a:b:c" },
        { "~ a", true, "a" },
        { "y ~ 1", true, "" },
        { "y ~ 0", false, "" },
        { "y ~ -(a+b)+a", true, "a" },
        { "y ~ !a + b", true, "!a + b" },
        { "y ~ a - a:b + a:b", true, "a + a:b" },
        { "y ~ (a + b*c)^2 - a:(b + c)", true, "a + b + c + b:c + a:b:c" },
        { "y ~ a %in% b %in% c", true, "a:b:c" },
        { "y ~ a:a + b", true, "a + b" },
        { "y~a*b + offset(log(x))", true, "a + b + a:b" },
    };

    [Theory]
    [MemberData(nameof(Expansions))]
    public void Expands_terms_as_R_does(string text, bool hasIntercept, string terms)
    {
        Formula formula = Formula.Parse(text);
        Assert.Equal(hasIntercept, formula.HasIntercept);
        Assert.Equal(terms, string.Join(" + ", formula.FixedTerms));
    }

    [Theory]
    [InlineData("y ~ .", "a + b + c")]
    [InlineData("y ~ . - b", "a + c")]
    [InlineData("y ~ .^2", "a + b + c + a:b + a:c + b:c")]
    [InlineData("y ~ a * .", "a + b + c + a:b + a:c")]
    [InlineData("log(y) ~ .", "a + b + c")]
    [InlineData("y ~ .:a", "a + a:b + a:c")]
    [InlineData("y + c ~ .", "a + b")]
    [InlineData("y ~ a", "a")]
    public void Puts_all_columns_but_the_response_for_a_dot(string text, string terms)
    {
        Formula formula = Formula.Parse(text).ExpandDot(["y", "a", "b", "c"]);
        Assert.Equal(terms, string.Join(" + ", formula.FixedTerms));
        Assert.Equal(formula, Formula.Parse(formula.ToString()));
    }

    [Fact]
    public void Drops_the_response_from_the_terms()
    {
        Assert.Equal("a", string.Join(" + ", Formula.Parse("log(y) ~ log(y) + a").FixedTerms));
    }

    [Fact]
    public void Keeps_offsets_apart()
    {
        Formula formula = Formula.Parse("y ~ a + offset(log(e)) + offset(f)");
        Assert.Equal(["log(e)", "f"], formula.Offsets.Select(offset => offset.ToString()));
        Assert.Equal(["y", "a", "e", "f"], formula.Variables);
    }

    [Theory]
    [InlineData("y ~ a + 2", 8)]
    [InlineData("y ~ a^b", 5)]
    [InlineData("y ~ a^1.5", 5)]
    [InlineData("y ~ a + \"b\"", 8)]
    [InlineData("y ~ a - offset(b)", 8)]
    [InlineData("y ~ (a+b+c+d+e+f+g+h+i+j+k+l+m+n)^14", 33)]
    [InlineData("y ~ a + offset(b, c)", 8)]
    public void Shows_where_a_term_is_at_fault(string text, int position)
    {
        var fault = Assert.Throws<FormulaException>(() => Formula.Parse(text));
        Assert.Equal(position, fault.Position);
        Assert.Contains('^', fault.Message);
    }
}
