using Terrace.Inference.Approximations;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;

namespace Terrace.Inference.Tests.Approximations;

public class ModeSearchTests
{
    private static readonly DelegateDensity Rosenbrock = new(["x", "y"], (p, g) =>
    {
        (double x, double y) = (p[0], p[1]);
        g[0] = 2 * (1 - x) + 400 * x * (y - x * x);
        g[1] = -200 * (y - x * x);
        return -(1 - x) * (1 - x) - 100 * (y - x * x) * (y - x * x);
    });

    /// <summary>Saddle at 0, modes at ±1: −(x² − 1)² − y².</summary>
    private static readonly DelegateDensity TwoModes = new(["x", "y"], (p, g) =>
    {
        g[0] = -4 * p[0] * (p[0] * p[0] - 1);
        g[1] = -2 * p[1];
        return -(p[0] * p[0] - 1) * (p[0] * p[0] - 1) - p[1] * p[1];
    });

    [Theory]
    [InlineData(ModeAlgorithm.Lbfgs, 300)]
    [InlineData(ModeAlgorithm.Bfgs, 300)]
    [InlineData(ModeAlgorithm.Newton, 300)]
    public void Every_algorithm_follows_the_valley_of_Rosenbrock_to_its_end(ModeAlgorithm algorithm, int most)
    {
        Mode mode = ModeSearch.Maximise(Rosenbrock.CreateEvaluator(), [-1.2, 1], algorithm);
        Assert.True(mode.Converged, mode.Reason);
        Assert.Equal(1, mode.Position[0], 1e-4);
        Assert.Equal(1, mode.Position[1], 1e-4);
        Assert.True(mode.Evaluations < most, $"{mode.Evaluations} evaluations");
    }

    [Fact]
    public void Newtons_method_meets_the_mean_of_a_normal_distribution_in_one_step()
    {
        NormalDensity normal = NormalDensity.Of(12, 0.8);
        Mode mode = ModeSearch.Maximise(normal.Model.CreateEvaluator(), new double[12], ModeAlgorithm.Newton);
        Assert.True(mode.Converged, mode.Reason);
        Assert.InRange(mode.Iterations, 1, 2);
        for (int i = 0; i < 12; i++) Assert.Equal(normal.Mean[i], mode.Position[i], 1e-6);
    }

    /// <summary>In n dimensions exact line searches would end after n steps (Nocedal and Wright, theorem 6.4); inexact ones need several times as many.</summary>
    [Fact]
    public void Bfgs_learns_the_curvature_of_a_normal_distribution()
    {
        NormalDensity normal = NormalDensity.Of(12, 0.8);
        Mode mode = ModeSearch.Maximise(normal.Model.CreateEvaluator(), new double[12], ModeAlgorithm.Bfgs);
        Assert.True(mode.Converged, mode.Reason);
        Assert.InRange(mode.Iterations, 2, 80);
        for (int i = 0; i < 12; i++) Assert.Equal(normal.Mean[i], mode.Position[i], 1e-4);
    }

    [Fact]
    public void Newtons_method_leaves_the_neighbourhood_of_a_saddle_upwards()
    {
        Mode mode = ModeSearch.Maximise(TwoModes.CreateEvaluator(), [0.05, 0.7], ModeAlgorithm.Newton);
        Assert.True(mode.Converged, mode.Reason);
        Assert.Equal(1, mode.Position[0], 1e-6);
        Assert.Equal(0, mode.Position[1], 1e-6);
    }

    [Fact]
    public void The_course_of_a_search_climbs_and_says_why_it_ended()
    {
        Mode mode = ModeSearch.Maximise(Rosenbrock.CreateEvaluator(), [-1.2, 1], ModeAlgorithm.Bfgs);
        Assert.Equal(mode.Iterations + 1, mode.Steps.Count);
        Assert.Equal(0, mode.Steps[0].Iteration);
        for (int k = 1; k < mode.Steps.Count; k++) Assert.True(mode.Steps[k].LogDensity >= mode.Steps[k - 1].LogDensity);
        Assert.Equal(mode.LogDensity, mode.Steps[^1].LogDensity);
    }

    /// <summary>With all other tolerances at 0 the one that is left ends the search.</summary>
    [Theory]
    [InlineData(ModeEnd.Gradient)]
    [InlineData(ModeEnd.Objective)]
    [InlineData(ModeEnd.RelativeObjective)]
    [InlineData(ModeEnd.RelativeGradient)]
    [InlineData(ModeEnd.Parameters)]
    [InlineData(ModeEnd.Iterations)]
    public void Each_tolerance_ends_the_search_by_itself(ModeEnd end)
    {
        var none = new LbfgsOptions { ToleranceGradient = 0, ToleranceObjective = 0, ToleranceRelativeObjective = 0, ToleranceRelativeGradient = 0, ToleranceParameters = 0, Iterations = end == ModeEnd.Iterations ? 4 : 2000 };
        LbfgsOptions options = end switch
        {
            ModeEnd.Gradient => none with { ToleranceGradient = 1e-3 },
            ModeEnd.Objective => none with { ToleranceObjective = 1e-3 },
            ModeEnd.RelativeObjective => none with { ToleranceRelativeObjective = 1e12 },
            ModeEnd.RelativeGradient => none with { ToleranceRelativeGradient = 1e12 },
            ModeEnd.Parameters => none with { ToleranceParameters = 1e-3 },
            _ => none,
        };
        Mode mode = ModeSearch.Maximise(Rosenbrock.CreateEvaluator(), [-1.2, 1], ModeAlgorithm.Lbfgs, options);
        Assert.Equal(end, mode.End);
        Assert.Equal(end != ModeEnd.Iterations, mode.Converged);
    }

    [Fact]
    public void Matrices_that_would_be_too_large_are_refused_with_the_way_out()
    {
        var wide = new DelegateDensity([.. Enumerable.Range(1, 10_001).Select(k => $"x{k}")], (_, _) => 0);
        Assert.Contains("L-BFGS", Assert.Throws<SamplingException>(() => ModeSearch.Maximise(wide.CreateEvaluator(), new double[10_001], ModeAlgorithm.Bfgs)).Message, StringComparison.Ordinal);
        Assert.Contains("L-BFGS", Assert.Throws<SamplingException>(() => ModeSearch.Maximise(wide.CreateEvaluator(), new double[10_001], ModeAlgorithm.Newton)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_start_without_density_is_refused_and_one_with_density_is_used()
    {
        var half = new DelegateDensity(["x"], (p, g) =>
        {
            g[0] = 1 / p[0] - 1;
            return p[0] > 0 ? Math.Log(p[0]) - p[0] : double.NaN;
        });
        Assert.Contains("initial values", Assert.Throws<SamplingException>(() => VariationalInference.Run(half, new VariationalOptions { InitialPosition = [-1.0] })).Message, StringComparison.Ordinal);
        Assert.Contains("initial values", Assert.Throws<SamplingException>(() => LaplaceApproximation.Run(half, new LaplaceOptions { InitialPosition = [-1.0] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Pathfinder.Run(half, new PathfinderOptions { Paths = 3, InitialPositions = [[1.0], [2.0]] }));
        // Two modes: the start decides which is approximated.
        foreach (double x in (double[])[-0.9, 0.9])
            Assert.Equal(Math.Sign(x), LaplaceApproximation.Run(TwoModes, new LaplaceOptions { InitialPosition = [x, 0.1], Draws = 50 }).Draws.Column("x").ToArray().Average(), 0.3);
    }

    [Fact]
    public void The_lower_bound_of_a_variational_search_is_followed_and_its_mean_is_given()
    {
        NormalDensity normal = NormalDensity.Of(3, 0.2);
        VariationalResult result = VariationalInference.Run(normal.Model, new VariationalOptions { Draws = 100 });
        Assert.NotEmpty(result.Trace);
        Assert.Equal(100, result.Trace[0].Iteration);
        Assert.True(result.Trace[^1].MeanChange < 0.01 || result.Trace[^1].MedianChange < 0.01 || !result.Converged);
        for (int i = 0; i < 3; i++) Assert.Equal(normal.Mean[i], result.Mean[i], 0.5);
    }
}
