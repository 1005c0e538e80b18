using Terrace.Inference.Approximations;
using Terrace.Inference.LogDensities;
using Terrace.Inference.Sampling;

namespace Terrace.Inference.Tests.Approximations;

public class LbfgsTests
{
    private static readonly DelegateDensity Rosenbrock = new(["x", "y"], (p, g) =>
    {
        (double x, double y) = (p[0], p[1]);
        g[0] = 2 * (1 - x) + 400 * x * (y - x * x);
        g[1] = -200 * (y - x * x);
        return -(1 - x) * (1 - x) - 100 * (y - x * x) * (y - x * x);
    });

    [Theory]
    [InlineData(-1.2, 1)]
    [InlineData(3, -4)]
    [InlineData(0, 0)]
    public void The_valley_of_Rosenbrock_is_followed_to_its_end(double x, double y)
    {
        Mode mode = Lbfgs.Maximise(Rosenbrock.CreateEvaluator(), [x, y]);
        Assert.True(mode.Converged, mode.Reason);
        Assert.Equal(1, mode.Position[0], 1e-4);
        Assert.Equal(1, mode.Position[1], 1e-4);
        Assert.True(mode.Evaluations < 300, $"{mode.Evaluations} evaluations");
    }

    [Fact]
    public void The_mode_of_a_normal_distribution_is_its_mean()
    {
        NormalDensity normal = NormalDensity.Of(20, 0.8);
        Mode mode = Lbfgs.Maximise(normal.Model.CreateEvaluator(), new double[20]);
        Assert.True(mode.Converged);
        for (int i = 0; i < 20; i++) Assert.Equal(normal.Mean[i], mode.Position[i], 1e-3);
    }

    /// <summary>log x − x has its mode at 1 and no value below 0, where the first steps may lead.</summary>
    [Fact]
    public void Where_the_density_ends_the_search_turns_back()
    {
        var gamma = new DelegateDensity(["x"], (p, g) =>
        {
            g[0] = 1 / p[0] - 1;
            return p[0] > 0 ? Math.Log(p[0]) - p[0] : double.NaN;
        });
        Mode mode = Lbfgs.Maximise(gamma.CreateEvaluator(), [50.0], new LbfgsOptions { InitialStep = 200 });
        Assert.True(mode.Converged, mode.Reason);
        Assert.Equal(1, mode.Position[0], 1e-5);
    }

    [Fact]
    public void Faults_and_ends_without_a_mode_are_told()
    {
        Assert.Throws<SamplingException>(() => Lbfgs.Maximise(new DelegateDensity(["x"], (_, _) => double.NaN).CreateEvaluator(), [0.0]));
        Mode mode = Lbfgs.Maximise(Rosenbrock.CreateEvaluator(), [-1.2, 1], new LbfgsOptions { Iterations = 5 });
        Assert.False(mode.Converged);
        Assert.NotEmpty(mode.Reason);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Lbfgs.Maximise(Rosenbrock.CreateEvaluator(), [-1.2, 1], null, source.Token));
    }
}
