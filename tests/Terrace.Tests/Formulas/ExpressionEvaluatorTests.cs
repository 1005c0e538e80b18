using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Tests.Formulas;

/// <summary>The values of expressions, with R's rules for missing values; expected values are R's.</summary>
public class ExpressionEvaluatorTests
{
    private static readonly Frame Rows = new(
    [
        new NumericColumn("x", [1.5, -2, double.NaN, 7]),
        new IntegerColumn("i", [3, -3, 10, IntegerColumn.Missing]),
        new LogicalColumn("l", [true, false, null, true]),
        new TextColumn("t", ["a", "B", null, "c"]),
        new Factor("f", [1, 0, 2, -1], ["lo", "mid", "hi"]),
        new Factor("o", [1, 0, 2, -1], ["lo", "mid", "hi"], isOrdered: true),
        new DateColumn("d", [new DateOnly(1970, 1, 2), new DateOnly(2020, 2, 29), null, new DateOnly(1969, 12, 31)]),
    ], "people.csv");

    [Theory]
    [InlineData("x + 1", "2.5 -1 NA 8")]
    [InlineData("2^x", "2.82842712474619 0.25 NA 128")]
    [InlineData("x^2 * -1", "-2.25 -4 NA -49")]
    [InlineData("i %% 4", "3 1 2 NA")]
    [InlineData("i %/% 4", "0 -1 2 NA")]
    [InlineData("x %% -2", "-0.5 0 NA -1")]
    [InlineData("7 - i - 1", "3 9 -4 NA")]
    [InlineData("log(abs(x), base = 2)", "0.584962500721156 1 NA 2.8073549220576")]
    [InlineData("log(x)", "0.405465108108164 NA NA 1.94591014905531")]
    [InlineData("exp(-abs(x)) + log1p(abs(i)) + expm1(0)", "1.60942452126832 1.5216296443565 NA NA")]
    [InlineData("round(x / 3, 1) + round(i, -1)", "0.5 -0.7 NA NA")]
    [InlineData("pmin(x, 2) + pmax(x, 0, 1)", "3 -1 NA 9")]
    [InlineData("l + l", "2 0 NA 2")]
    [InlineData("ifelse(x > 0, x, -x)", "1.5 2 NA 7")]
    [InlineData("as.numeric(f) + as.integer(2.9)", "4 3 5 NA")]
    [InlineData("as.numeric(as.character(i)) + as.numeric(\"0.5\")", "3.5 -2.5 10.5 NA")]
    [InlineData("as.numeric(d)", "1 18321 NA -1")]
    [InlineData("sqrt(i)", "1.73205080756888 NA 3.16227766016838 NA")]
    [InlineData("plogis(qlogis(0.25))", "0.25 0.25 0.25 0.25")]
    [InlineData("sign(i) * floor(x) + ceiling(x) + trunc(x)", "4 -2 NA NA")]
    public void Computes_numbers(string expression, string expected)
    {
        Column column = ExpressionEvaluator.Evaluate(Expression.Parse(expression), Rows);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 4).Select(row => column.IsMissing(row) ? "NA" : ((NumericColumn)column).Values[row].ToString("G15", System.Globalization.CultureInfo.InvariantCulture))));
    }

    /// <summary>The nearest of the represented neighbours wins, as in R 4, not the product with a power of ten.</summary>
    [Theory]
    [InlineData(new[] { 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, -0.65, -1.45 }, 1, new[] { 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, -0.7, -1.4 })]
    [InlineData(new[] { 0.15, 2.675, 1.005, 5.015, 0.285, 0.29, 123456.785 }, 2, new[] { 0.15, 2.67, 1, 5.02, 0.28, 0.29, 123456.79 })]
    [InlineData(new[] { 15, 25, -35, 149.9, 5, 1250 }, -1, new[] { 20.0, 20, -40, 150, 0, 1250 })]
    [InlineData(new[] { 2.5, -0.4, 3.5, 1e300 }, 0, new[] { 2.0, 0, 4, 1e300 })]
    [InlineData(new[] { 0.12345678901234567, 1e15, 1e300, 1e-300 }, 15, new[] { 0.123456789012346, 1e15, 1e300, 0 })]
    public void Rounds_decimals_as_R_does(double[] values, int digits, double[] expected)
    {
        var rows = new Frame([new NumericColumn("v", values)], "values.csv");
        Assert.Equal(expected, ((NumericColumn)ExpressionEvaluator.Evaluate(Expression.Parse($"round(v, {digits})"), rows)).Values.ToArray());
    }

    [Theory]
    [InlineData("x > 0", "TRUE FALSE NA TRUE")]
    [InlineData("x >= 1.5 & l", "TRUE FALSE NA TRUE")]
    [InlineData("l & FALSE", "FALSE FALSE FALSE FALSE")]
    [InlineData("l || TRUE", "TRUE TRUE TRUE TRUE")]
    [InlineData("!l", "FALSE TRUE NA FALSE")]
    [InlineData("!l == FALSE", "TRUE FALSE NA TRUE")]
    [InlineData("t == \"a\"", "TRUE FALSE NA FALSE")]
    [InlineData("t < \"b\"", "TRUE TRUE NA FALSE")]
    [InlineData("f != 'lo'", "TRUE FALSE TRUE NA")]
    [InlineData("o > 'lo'", "TRUE FALSE TRUE NA")]
    [InlineData("o <= 'mid'", "TRUE TRUE FALSE NA")]
    [InlineData("f %in% c('lo', 'hi')", "FALSE TRUE TRUE FALSE")]
    [InlineData("i %in% 2:4", "TRUE FALSE FALSE FALSE")]
    [InlineData("i %in% c(-3, 10) | is.na(x)", "FALSE TRUE TRUE FALSE")]
    [InlineData("is.na(t)", "FALSE FALSE TRUE FALSE")]
    [InlineData("d > '2000-01-01'", "FALSE TRUE NA FALSE")]
    [InlineData("x == NA", "NA NA NA NA")]
    [InlineData("as.logical(i) == TRUE", "TRUE TRUE TRUE NA")]
    [InlineData("ifelse(l, x > 0, FALSE)", "TRUE FALSE NA TRUE")]
    public void Computes_truth_values(string expression, string expected)
    {
        Column column = ExpressionEvaluator.Evaluate(Expression.Parse(expression), Rows);
        Assert.IsType<LogicalColumn>(column);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 4).Select(row => column.TextAt(row) ?? "NA")));
        Assert.Equal(Expression.Parse(expression).ToString(), column.Name);
    }

    [Fact]
    public void Chooses_texts_by_a_condition()
    {
        Column column = ExpressionEvaluator.Evaluate(Expression.Parse("ifelse(x > 0, t, 'none')"), Rows);
        Assert.Equal("a none NA c", string.Join(' ', Enumerable.Range(0, 4).Select(row => Assert.IsType<TextColumn>(column).TextAt(row) ?? "NA")));
    }

    [Theory]
    [InlineData("X + 1", "Did you mean 'x'?")]
    [InlineData("income", "The columns are: x, i,")]
    [InlineData("sqr(x)", "Did you mean 'sqrt'?")]
    [InlineData("t + 1", "'t' is text")]
    [InlineData("log(f)", "'f' is a factor")]
    [InlineData("f < 'mid'", "no order")]
    [InlineData("o < 'middle'", "no level")]
    [InlineData("t & l", "TRUE or FALSE")]
    [InlineData("x + c(1, 2)", "arguments of a function")]
    [InlineData("1:3", "arguments of a function")]
    [InlineData("x:3", "range")]
    [InlineData("1:1000000000", "too long")]
    [InlineData("c(x, 1)", "constants")]
    [InlineData("factor(x)", "whole column")]
    [InlineData("round(x, digits = 1, 2)", "at most 2")]
    [InlineData("round(digits = 1)", "needs the argument 'x'")]
    [InlineData("log(x, x = 2)", "constant")]
    [InlineData("offset(x)", "term of its own")]
    [InlineData("cbind(x, i)", "response")]
    [InlineData("ifelse(l, 1)", "three arguments")]
    [InlineData("NULL", "no value")]
    public void Explains_what_has_no_value(string expression, string reason)
    {
        var fault = Assert.Throws<FormulaException>(() => Describe(ExpressionEvaluator.Evaluate(Expression.Parse(expression), Rows)));
        Assert.Contains(reason, fault.Problem);
    }

    [Fact]
    public void Filters_rows_and_drops_those_where_the_condition_is_missing()
    {
        Assert.Equal([true, false, false, true], RowFilter.Parse("x > 0 & t != 'B'").Choose(Rows));
        Assert.Equal(2, RowFilter.Parse("x > 0").Apply(Rows).RowCount);
        Assert.Throws<FormulaException>(() => RowFilter.Parse("t").Choose(Rows));
    }

    // Reads the value, so that a wrong one fails the test with what it was.
    private static string Describe(Column column) => $"{column.Name}: {column.TextAt(0)}";
}
