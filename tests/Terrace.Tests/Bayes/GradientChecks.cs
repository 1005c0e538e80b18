using Terrace.Inference.LogDensities;

namespace Terrace.Tests.Bayes;

/// <summary>Gradients of log densities against finite differences of fourth order.</summary>
internal static class GradientChecks
{
    public static void AssertGradient(ILogDensityModel model, double[] position, bool jacobian)
    {
        ILogDensity density = model.CreateEvaluator();
        double[] gradient = new double[density.Dimension], unused = new double[density.Dimension], probe = [.. position];
        Assert.True(density.Evaluate(position, gradient, jacobian).IsAccepted);
        for (int i = 0; i < probe.Length; i++)
        {
            double Value(double step)
            {
                probe[i] = position[i] + step;
                return density.Evaluate(probe, unused, jacobian).Value;
            }
            const double h = 1e-3;
            double difference = (8 * (Value(h) - Value(-h)) - (Value(2 * h) - Value(-2 * h))) / (12 * h);
            probe[i] = position[i];
            Assert.True(Math.Abs(difference - gradient[i]) < 1e-6 * Math.Max(1, Math.Abs(gradient[i])) + 1e-7, $"{model.CoordinateNames[i]}: {gradient[i]} against {difference}");
        }
    }
}
