using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Numerics.Tests.LinearAlgebra;

namespace Terrace.Numerics.Tests.SpecialFunctions;

public class LogisticKernelTests
{
    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Agrees_with_the_scalar_functions_everywhere(SimdLevel level)
    {
        double[] eta = [.. Enumerable.Range(0, 60_001).Select(i => Math.Sinh((i - 30_000) * 2.45e-4))], mean = new double[eta.Length], log = new double[eta.Length];
        LogisticKernel.Evaluate(eta, mean, log, level);
        double worstMean = 0, worstLog = 0;
        for (int i = 0; i < eta.Length; i++)
        {
            double expected = LogisticFunction.Logistic(eta[i]), expectedLog = LogisticFunction.Log1pExp(eta[i]);
            if (expected > 1e-300) worstMean = Math.Max(worstMean, Math.Abs(mean[i] / expected - 1));
            else Assert.Equal(expected, mean[i], 1e-314);
            if (expectedLog > 1e-300) worstLog = Math.Max(worstLog, Math.Abs(log[i] / expectedLog - 1));
            else Assert.Equal(expectedLog, log[i], 1e-314);
        }

        Assert.InRange(worstMean, 0, 1e-15);
        Assert.InRange(worstLog, 0, 1e-15);
    }

    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Keeps_the_ends_and_what_is_not_a_number(SimdLevel level)
    {
        double[] eta = [-800, 800, 0, double.NaN, -745, double.PositiveInfinity, double.NegativeInfinity, 1e300, double.Epsilon];
        double[] mean = new double[eta.Length], log = new double[eta.Length];
        LogisticKernel.Evaluate(eta, mean, log, level);
        Assert.Equal([0, 1, 0.5, double.NaN, 5e-324, 1, 0, 1, 0.5], mean);
        Assert.Equal([0, 800, Math.Log(2), double.NaN, 5e-324, double.PositiveInfinity, 0, 1e300, Math.Log(2)], log);
    }

    [Fact]
    public void Refuses_spans_of_different_lengths() =>
        Assert.Throws<ArgumentException>(() => LogisticKernel.Evaluate(new double[3], new double[2], new double[3]));
}
