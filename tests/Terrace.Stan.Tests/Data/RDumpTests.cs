using Terrace.Stan.Data;

namespace Terrace.Stan.Tests.Data;

public sealed class RDumpTests
{
    private static StanValue Value(string text) => StanData.ParseRDump("x <- " + text, "data.R").Values["x"];

    [Fact]
    public void Variables_follow_one_another_with_comments_quotes_and_semicolons()
    {
        StanData data = StanData.ParseRDump("# a file\nN <-\n5 ; `a b` <- 2.5\n\"y.1\" <- c(1, 2L,\n -3) 'z' = 1e3 # end", "data.R");
        Assert.Equal(["N", "a b", "y.1", "z"], data.Values.Keys);
        Assert.Equal([1, 2, -3], data.Values["y.1"].Values);
        Assert.True(data.Values["y.1"].IsInteger);
        Assert.True(data.Values["N"].IsInteger);
        Assert.False(data.Values["z"].IsInteger);
        Assert.Equal(1000, data.Values["z"].Values[0]);
    }

    [Theory]
    [InlineData("1:3", new double[] { 1, 2, 3 }, true)]
    [InlineData("2:-2", new double[] { 2, 1, 0, -1, -2 }, true)]
    [InlineData("c(1:2, 7, c(8, 9))", new double[] { 1, 2, 7, 8, 9 }, true)]
    [InlineData("c(1, 2.0)", new double[] { 1, 2 }, false)]
    [InlineData("integer(2)", new double[] { 0, 0 }, true)]
    [InlineData("double(0)", new double[0], false)]
    [InlineData("integer()", new double[0], true)]
    [InlineData("c(-1.5e-2, .5, Inf, -inf, Infinity)", new[] { -0.015, 0.5, double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity }, false)]
    public void Sequences_are_read(string text, double[] values, bool whole)
    {
        StanValue x = Value(text);
        Assert.Equal(values, x.Values);
        Assert.Equal([values.Length], x.Dimensions);
        Assert.Equal(whole, x.IsInteger);
    }

    [Fact]
    public void An_array_with_dimensions_is_turned_from_the_first_to_the_last_index_running_fastest()
    {
        StanValue x = Value("structure(1:24, .Dim = c(2, 3,\n4))");
        Assert.Equal([2, 3, 4], x.Dimensions);
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < 4; k++) Assert.Equal(1 + i + (2 * j) + (6 * k), x.Values[(((i * 3) + j) * 4) + k]);
        Assert.Equal([2, 0], Value("structure(integer(), .Dim = c(2, 0))").Dimensions);
    }

    [Theory]
    [InlineData("y <- c(1, NA)", 1, 11, "missing values")]
    [InlineData("y <- c(1, 2", 1, 12, "`)`")]
    [InlineData("y <- 1\ny <- 2", 2, 1, "given twice")]
    [InlineData("y 3", 1, 3, "`<-`")]
    [InlineData("3 <- y", 1, 1, "a variable's name")]
    [InlineData("y <- structure(c(1,2), .Dim = c(3))", 1, 16, "ask for 3")]
    [InlineData("y <- structure(c(1,2), .Names = c(3))", 1, 24, ".Names")]
    [InlineData("y <- 1.5:3", 1, 6, "limits of a range")]
    [InlineData("y <- list(1)", 1, 6, "`list`")]
    [InlineData("y <- 1.5L", 1, 6, "marked as an integer")]
    [InlineData("y <- 1:1000000000", 1, 6, "limit")]
    [InlineData("y <- integer(-1)", 1, 14, "at least 0")]
    [InlineData("y <- structure(1:4, .Dim = c(2, 2.5))", 1, 28, "2.5")]
    [InlineData("y <- \"text\"", 1, 6, "a number is expected")]
    public void What_is_wrong_is_said_with_its_place(string text, int line, int column, string part)
    {
        StanDataException fault = Assert.Throws<StanDataException>(() => StanData.ParseRDump(text, "data.R"));
        Assert.Contains(part, fault.Problem, StringComparison.Ordinal);
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Fact]
    public void Deep_nesting_is_refused() => Assert.Throws<StanDataException>(() => Value(string.Concat(Enumerable.Repeat("c(", 100_000))));
}
