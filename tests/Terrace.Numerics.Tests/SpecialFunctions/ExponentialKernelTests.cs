using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Numerics.Tests.LinearAlgebra;

namespace Terrace.Numerics.Tests.SpecialFunctions;

public class ExponentialKernelTests
{
    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Agrees_with_the_scalar_exponential_everywhere(SimdLevel level)
    {
        double[] x = [.. Enumerable.Range(0, 100_003).Select(i => -745.5 + i * 0.014567)], result = new double[x.Length];
        ExponentialKernel.Evaluate(x, result, level);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Math.Exp(x[i]);
            if (double.IsInfinity(expected)) Assert.Equal(expected, result[i]);
            else if (!(Math.Abs(result[i] - expected) <= 4e-16 * expected + double.Epsilon)) Assert.Fail($"exp({x[i]:R}) = {result[i]:R}, not {expected:R}");
        }
    }

    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Keeps_the_ends(SimdLevel level)
    {
        double[] result = new double[6];
        ExponentialKernel.Evaluate([0, double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1e300, double.Epsilon], result, level);
        Assert.Equal([1, double.NaN, 0, double.PositiveInfinity, 0, 1], result);
    }
}
