using Terrace.Inference.Tables;

namespace Terrace.Inference.Tests.Tables;

public class NumberFormatTests
{
    // Expected: what R's print shows for the same vectors, without the padding.
    [Theory]
    [InlineData(new[] { 0.43131220, 123.456, -2 }, 7, new[] { "0.4313122", "123.4560000", "-2.0000000" })]
    [InlineData(new[] { 1e-10, 1 }, 7, new[] { "1e-10", "1e+00" })]
    [InlineData(new[] { 1e5, 1 }, 7, new[] { "1e+05", "1e+00" })]
    [InlineData(new[] { 1e5 }, 7, new[] { "1e+05" })]
    [InlineData(new[] { 123456d }, 7, new[] { "123456" })]
    [InlineData(new[] { 1e15, 1.5 }, 7, new[] { "1.0e+15", "1.5e+00" })]
    [InlineData(new[] { 0.0001 }, 7, new[] { "1e-04" })]
    [InlineData(new[] { 0.00001234 }, 7, new[] { "1.234e-05" })]
    [InlineData(new[] { 0.1, double.NaN, double.PositiveInfinity }, 7, new[] { "0.1", "NA", "Inf" })]
    [InlineData(new[] { 1e-300 }, 7, new[] { "1e-300" })]
    [InlineData(new[] { 1e10, 1e-3 }, 7, new[] { "1e+10", "1e-03" })]
    [InlineData(new[] { 3.00000001 }, 7, new[] { "3" })]
    [InlineData(new[] { 1234567.8 }, 7, new[] { "1234568" })]
    [InlineData(new[] { 1e100 }, 7, new[] { "1e+100" })]
    [InlineData(new[] { -1e-5, 2 }, 7, new[] { "-1e-05", "2e+00" })]
    [InlineData(new[] { 0.39461, 0.46812 }, 3, new[] { "0.395", "0.468" })]
    [InlineData(new[] { 3141592.6535 }, 4, new[] { "3141593" })]
    public void Prints_a_column_as_R_does(double[] values, int digits, string[] expected) =>
        Assert.Equal(expected, NumberFormat.Column(values, digits));

    [Fact]
    public void Shows_no_negative_zero() => Assert.Equal("0", NumberFormat.Number(-0.0));
}
