using Terrace.Numerics.Optimization;

namespace Terrace.Numerics.Tests.Optimization;

public class NelderMeadTests
{
    private static readonly double[] Below = [double.NegativeInfinity, double.NegativeInfinity];
    private static readonly double[] Above = [double.PositiveInfinity, double.PositiveInfinity];

    [Fact]
    public void Rosenbrocks_valley_is_followed_to_its_end()
    {
        OptimizationResult result = NelderMead.Minimize(x => 100 * Math.Pow(x[1] - x[0] * x[0], 2) + Math.Pow(1 - x[0], 2), [-1.2, 1], [0.5, 0.5], Below, Above, 2000);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(1, result.Point[0], 1e-5);
        Assert.Equal(1, result.Point[1], 1e-5);
    }

    [Fact]
    public void A_minimum_on_a_bound_is_found_there()
    {
        OptimizationResult result = NelderMead.Minimize(x => Math.Pow(x[0] + 1, 2) + Math.Pow(x[1] - 2, 2), [3, 0], [1, 1], [0, double.NegativeInfinity], Above, 2000);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(0, result.Point[0]);
        Assert.Equal(2, result.Point[1], 1e-6);
    }

    [Fact]
    public void A_start_on_a_bound_can_leave_it()
    {
        OptimizationResult result = NelderMead.Minimize(x => Math.Pow(x[0] - 1, 2) + Math.Pow(x[1] - 2, 2), [0, 5], [-1, 1], [0, double.NegativeInfinity], [9, 5], 2000);
        Assert.Equal(1, result.Point[0], 1e-6);
        Assert.Equal(2, result.Point[1], 1e-6);
    }

    [Fact]
    public void Places_where_there_is_no_value_are_avoided()
    {
        OptimizationResult result = NelderMead.Minimize(x => x[0] - Math.Log(x[0]) + x[1] * x[1], [3, 1], [2, 1], Below, Above, 2000);
        Assert.Equal(1, result.Point[0], 1e-5);
    }

    [Fact]
    public void The_limit_on_evaluations_is_kept_and_reported()
    {
        int calls = 0;
        OptimizationResult result = NelderMead.Minimize(x => { calls++; return x[0] * x[0] + x[1] * x[1]; }, [30, 40], [1, 1], Below, Above, 20);
        Assert.False(result.Converged);
        Assert.Equal(calls, result.Evaluations);
        Assert.InRange(calls, 20, 24);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void Quadratics_are_minimised_as_by_the_gradient(int n)
    {
        double Value(ReadOnlySpan<double> x)
        {
            double sum = 0;
            for (int i = 0; i < n; i++) sum += (i + 1) * Math.Pow(x[i] - i + 0.3 * (i > 0 ? x[i - 1] : 0), 2);
            return sum;
        }
        double[] start = new double[n], ones = [.. Enumerable.Repeat(1.0, n)], infinite = [.. Enumerable.Repeat(double.PositiveInfinity, n)];
        OptimizationResult result = NelderMead.Minimize(Value, start, ones, [.. infinite.Select(x => -x)], infinite, 20_000);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(0, result.Value, 1e-9);
    }
}
