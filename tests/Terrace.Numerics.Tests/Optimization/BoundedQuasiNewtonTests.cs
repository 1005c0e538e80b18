using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.Optimization;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.Numerics.Tests.Optimization;

public class BoundedQuasiNewtonTests
{
    private static readonly double[] NoLower = [double.NegativeInfinity, double.NegativeInfinity];
    private static readonly double[] NoUpper = [double.PositiveInfinity, double.PositiveInfinity];

    private static double Rosenbrock(ReadOnlySpan<double> x, Span<double> g)
    {
        double a = 1 - x[0], b = x[1] - x[0] * x[0];
        g[0] = -2 * a - 400 * x[0] * b;
        g[1] = 200 * b;
        return a * a + 100 * b * b;
    }

    [Fact]
    public void Finds_the_minimum_of_Rosenbrocks_valley()
    {
        OptimizationResult result = BoundedQuasiNewton.Minimize(Rosenbrock, [-1.2, 1], NoLower, NoUpper, new(), default);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(1, result.Point[0], 1e-7);
        Assert.Equal(1, result.Point[1], 1e-7);
        Assert.InRange(result.Evaluations, 5, 80);
    }

    [Fact]
    public void A_given_curvature_makes_Newtons_method_of_it()
    {
        static Matrix Hessian(double[] x) => new(2, 2, [2 - 400 * (x[1] - 3 * x[0] * x[0]), -400 * x[0], -400 * x[0], 200]);
        var options = new OptimizationOptions { Curvature = Hessian, CurvatureReduction = 0 };
        OptimizationResult result = BoundedQuasiNewton.Minimize(Rosenbrock, [1.2, 1.2], NoLower, NoUpper, options, default);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(1, result.Point[0], 1e-9);
        Assert.InRange(result.Evaluations, 3, 12);
    }

    [Fact]
    public void A_curvature_that_is_not_positive_definite_is_not_used()
    {
        var options = new OptimizationOptions { Curvature = _ => new Matrix(2, 2, [1, 2, 2, 1]) };
        OptimizationResult result = BoundedQuasiNewton.Minimize(Rosenbrock, [-1.2, 1], NoLower, NoUpper, options, default);
        OptimizationResult without = BoundedQuasiNewton.Minimize(Rosenbrock, [-1.2, 1], NoLower, NoUpper, new(), default);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(without.Evaluations, result.Evaluations);
    }

    [Fact]
    public void Stops_at_the_bound_that_holds_Rosenbrocks_valley()
    {
        OptimizationResult result = BoundedQuasiNewton.Minimize(Rosenbrock, [-1.2, 1], [-2, -2], [0.5, 2], new(), default);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(0.5, result.Point[0]);
        Assert.Equal(0.25, result.Point[1], 1e-9);
        Assert.InRange(result.ProjectedGradientNorm, 0, 1e-6);
    }

    [Fact]
    public void Starts_on_a_bound_and_leaves_it()
    {
        OptimizationResult result = BoundedQuasiNewton.Minimize(Rosenbrock, [0, 0], [0, 0], NoUpper, new(), default);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(1, result.Point[1], 1e-7);
    }

    [Fact]
    public void Shortens_steps_into_a_region_without_values()
    {
        static double Barrier(ReadOnlySpan<double> x, Span<double> g)
        {
            g[0] = 1 - 1e-3 / x[0];
            return x[0] <= 0 ? double.NaN : x[0] - 1e-3 * Math.Log(x[0]);
        }

        OptimizationResult result = BoundedQuasiNewton.Minimize(Barrier, [5], [double.NegativeInfinity], [double.PositiveInfinity], new(), default);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(1e-3, result.Point[0], 1e-9);
    }

    [Fact]
    public void Converges_tightly_beside_a_large_constant()
    {
        static double Shifted(ReadOnlySpan<double> x, Span<double> g)
        {
            double value = Rosenbrock(x, g);
            g[0] *= 1000;
            g[1] *= 1000;
            return 237651.78 + 1000 * value;
        }

        OptimizationResult result = BoundedQuasiNewton.Minimize(Shifted, [-1.2, 1], NoLower, NoUpper, new(), default);
        Assert.True(result.Converged, result.Reason);
        Assert.Equal(1, result.Point[0], 1e-6);
        Assert.Equal(1, result.Point[1], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Meets_the_optimality_conditions_of_random_bounded_quadratics(int seed)
    {
        var rng = new Rng((ulong)seed, 0);
        for (int repeat = 0; repeat < 40; repeat++)
        {
            int n = 1 + rng.NextInt(8);
            var root = new Matrix(n, n);
            for (int i = 0; i < root.Values.Length; i++) root.Values[i] = rng.NextNormal();
            double[] target = [.. Enumerable.Range(0, n).Select(_ => 2 * rng.NextNormal())];
            double[] lower = [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble() < 0.5 ? -1 : double.NegativeInfinity)];
            double[] upper = [.. Enumerable.Range(0, n).Select(_ => rng.NextDouble() < 0.5 ? 1 : double.PositiveInfinity)];
            double Quadratic(ReadOnlySpan<double> x, Span<double> g)
            {
                g.Clear();
                double value = 0;
                for (int k = 0; k < n; k++)
                {
                    double r = 0;
                    for (int i = 0; i < n; i++) r += root[k, i] * (x[i] - target[i]);
                    for (int i = 0; i < n; i++) g[i] += 2 * r * root[k, i];
                    value += r * r;
                }

                for (int i = 0; i < n; i++)
                {
                    double d = x[i] - target[i];
                    value += 0.1 * d * d;
                    g[i] += 0.2 * d;
                }

                return value;
            }

            OptimizationResult result = BoundedQuasiNewton.Minimize(Quadratic, new double[n], lower, upper, new(), default);
            Assert.True(result.Converged, result.Reason);
            for (int i = 0; i < n; i++)
            {
                bool held = (result.Point[i] == lower[i] && result.Gradient[i] >= 0) || (result.Point[i] == upper[i] && result.Gradient[i] <= 0);
                if (!held) Assert.Equal(0, result.Gradient[i], 1e-5);
            }
        }
    }

    [Fact]
    public void Keeps_each_step_within_the_given_limit()
    {
        double last = 4;
        double Record(ReadOnlySpan<double> x, Span<double> g)
        {
            Assert.True(x[0] >= 0.5 * last - 1e-12, "A step went further than allowed.");
            last = Math.Min(last, x[0]);
            g[0] = 2 * x[0];
            return x[0] * x[0];
        }

        var options = new OptimizationOptions { StepLimit = (x, d) => d[0] < 0 ? -0.5 * x[0] / d[0] : double.PositiveInfinity, InitialHessianDiagonal = [1] };
        OptimizationResult result = BoundedQuasiNewton.Minimize(Record, [4], [0.25], [10], options, default);
        Assert.Equal(0.25, result.Point[0], 1e-12);
    }

    [Fact]
    public void Ends_when_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => BoundedQuasiNewton.Minimize(Rosenbrock, [-1.2, 1], NoLower, NoUpper, new(), new(true)));

    [Fact]
    public void Says_when_evaluations_run_out()
    {
        OptimizationResult result = BoundedQuasiNewton.Minimize(Rosenbrock, [-1.2, 1], NoLower, NoUpper, new() { MaximumEvaluations = 10 }, default);
        Assert.False(result.Converged);
        Assert.InRange(result.Evaluations, 1, 10);
    }
}
