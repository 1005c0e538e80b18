using System.Text;
using Terrace.Formulas;

namespace Terrace.Tests.Formulas;

/// <summary>Text to formula and back: R's precedence and names, and clear errors for what is no formula.</summary>
public class FormulaParsingTests
{
    [Theory]
    [InlineData("-a:b", "((-a):b)")]
    [InlineData("-a^b", "(-(a^b))")]
    [InlineData("a^b^c", "(a^(b^c))")]
    [InlineData("a^-b:c", "((a^(-b)):c)")]
    [InlineData("a+b*c", "(a + (b * c))")]
    [InlineData("a*b%in%c", "(a * (b %in% c))")]
    [InlineData("a%%b:c", "(a%%(b:c))")]
    [InlineData("a - b - c", "((a - b) - c)")]
    [InlineData("a/b/c", "((a/b)/c)")]
    [InlineData("!a == b & c", "((!(a == b)) & c)")]
    [InlineData("a | b & c || d && e", "((a | (b & c)) || (d && e))")]
    [InlineData("a + b > c", "((a + b) > c)")]
    [InlineData("a ** 2", "(a^2)")]
    public void Binds_operators_as_R_does(string text, string grouped)
    {
        Assert.Equal(grouped, Grouped(Expression.Parse(text)));
    }

    [Theory]
    [InlineData("y~x+z", "y ~ x + z")]
    [InlineData("~x", "~x")]
    [InlineData("cbind(s,f)~x", "cbind(s, f) ~ x")]
    [InlineData("(mpg+0)~x", "(mpg + 0) ~ x")]
    [InlineData("y ~ I(x/1e5)+I(x*100000)+ I(x/1e-3)+ I(.5*x + 2L)", "y ~ I(x/1e+05) + I(x * 1e+05) + I(x/0.001) + I(0.5 * x + 2)")]
    [InlineData("y ~ `my name`+`TRUE`+.x + x.y_1", "y ~ `my name` + `TRUE` + .x + x.y_1")]
    [InlineData("y ~ factor(x,levels=c('a','b'),ordered=TRUE)", "y ~ factor(x, levels = c(\"a\", \"b\"), ordered = TRUE)")]
    [InlineData("y ~ x %in% c(1,2)+x%%2", "y ~ x %in% c(1, 2) + x%%2")]
    [InlineData("y ~ größe + 年", "y ~ größe + 年")]
    [InlineData("y ~ (x||g)", "y ~ (x || g)")]
    [InlineData("y ~ f(x, 'it\\'s \"so\"\\n')", "y ~ f(x, \"it's \\\"so\\\"\\n\")")]
    public void Prints_as_R_deparses(string text, string printed)
    {
        Formula formula = Formula.Parse(text);
        Assert.Equal(printed, formula.ToString());
        Assert.Equal(formula, Formula.Parse(printed));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("y", 1)]
    [InlineData("y ~", 3)]
    [InlineData("y ~ x +", 7)]
    [InlineData("y ~ x + * z", 8)]
    [InlineData("y ~ x z", 6)]
    [InlineData("y ~ (x", 4)]
    [InlineData("y ~ x)", 5)]
    [InlineData("y ~ x ~ z", 6)]
    [InlineData("y ~ f(x", 5)]
    [InlineData("y ~ f(x,)", 8)]
    [InlineData("y ~ x, z", 5)]
    [InlineData("y ~ 'abc", 4)]
    [InlineData("y ~ `abc", 4)]
    [InlineData("y ~ ``", 4)]
    [InlineData("y ~ x$z", 5)]
    [InlineData("y ~ x = 2", 6)]
    [InlineData("y ~ 2x", 5)]
    [InlineData("y ~ I(2e)", 6)]
    [InlineData("y ~ x %o% z", 6)]
    [InlineData("y ~ I(a < b < c)", 12)]
    [InlineData("y ~ 'a\\q'", 6)]
    [InlineData("y ~ \u0001", 4)]
    public void Shows_where_the_text_is_no_formula(string text, int position)
    {
        var fault = Assert.Throws<FormulaException>(() => Formula.Parse(text));
        Assert.Equal(position, fault.Position);
        Assert.Contains('^', fault.Message);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    [InlineData("f(", ")")]
    [InlineData("a^", "")]
    [InlineData("a+", "")]
    [InlineData("!", "")]
    public void Refuses_a_formula_nested_too_deeply(string open, string close)
    {
        string text = "y ~ " + string.Concat(Enumerable.Repeat(open, 100_000)) + "x" + string.Concat(Enumerable.Repeat(close, 100_000));
        Assert.Throws<FormulaException>(() => Formula.Parse(text));
    }

    [Fact]
    public void Refuses_a_megabyte_of_garbage()
    {
        var random = new Random(1);
        var text = new StringBuilder(1 << 20);
        while (text.Length < 1 << 20) text.Append((char)random.Next(32, 127));
        Assert.Throws<FormulaException>(() => Formula.Parse(text.ToString()));
        Assert.Throws<FormulaException>(() => Formula.Parse("y ~ " + new string('x', 1 << 20) + " +"));
    }

    [Fact]
    public void Takes_a_sum_of_a_thousand_terms()
    {
        Formula formula = Formula.Parse("y ~ " + string.Join(" + ", Enumerable.Range(0, 1000).Select(i => $"x{i}")));
        Assert.Equal(1000, formula.FixedTerms.Count);
    }

    private static string Grouped(Expression expression) => expression switch
    {
        UnaryExpression unary => $"({unary.Operator}{Grouped(unary.Operand)})",
        BinaryExpression binary => binary.Operator is ":" or "^" or "/" or "%%" ? $"({Grouped(binary.Left)}{binary.Operator}{Grouped(binary.Right)})"
            : $"({Grouped(binary.Left)} {binary.Operator} {Grouped(binary.Right)})",
        _ => expression.ToString(),
    };
}
