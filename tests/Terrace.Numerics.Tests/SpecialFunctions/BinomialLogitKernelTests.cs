using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Numerics.Tests.LinearAlgebra;
using static Terrace.Numerics.Tests.Closeness;

namespace Terrace.Numerics.Tests.SpecialFunctions;

public class BinomialLogitKernelTests
{
    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Agrees_with_a_plain_loop_for_every_remainder(SimdLevel level)
    {
        for (int n = 0; n <= 35; n++)
        {
            (double[] eta, double[] successes, double[] trials) = Cells(n);
            double[] residual = new double[n], weight = new double[n], third = new double[n];
            double value = BinomialLogitKernel.Evaluate(eta, successes, trials, residual, weight, third, level), expected = 0;
            for (int i = 0; i < n; i++)
            {
                double m = LogisticFunction.Logistic(eta[i]), rest = LogisticFunction.Logistic(-eta[i]);
                expected += successes[i] * eta[i] - trials[i] * LogisticFunction.Log1pExp(eta[i]);
                Assert.Equal(successes[i] - trials[i] * m, residual[i], 1e-13);
                Close(trials[i] * m * rest, weight[i], 2e-15);
                Assert.Equal(trials[i] * m * rest * (rest - m), third[i], 1e-13);
            }

            Assert.Equal(expected, value, 1e-11);
            Assert.Equal(value, BinomialLogitKernel.Evaluate(eta, successes, trials, [], [], [], level));
        }
    }

    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Outputs_are_the_derivatives(SimdLevel level)
    {
        const double H = 1e-5;
        (double[] eta, double[] successes, double[] trials) = Cells(20);
        double[] low = new double[20], high = new double[20], lowWeight = new double[20], highWeight = new double[20], third = new double[20], weight = new double[20];
        BinomialLogitKernel.Evaluate([.. eta.Select(x => x - H)], successes, trials, low, lowWeight, [], level);
        BinomialLogitKernel.Evaluate([.. eta.Select(x => x + H)], successes, trials, high, highWeight, [], level);
        BinomialLogitKernel.Evaluate(eta, successes, trials, [], weight, third, level);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal((low[i] - high[i]) / (2 * H), weight[i], 1e-7);
            Assert.Equal((highWeight[i] - lowWeight[i]) / (2 * H), third[i], 1e-7);
        }
    }

    [Theory]
    [ClassData(typeof(SimdLevelData))]
    public void Loses_nothing_where_all_succeed_and_the_predictor_is_large(SimdLevel level) =>
        Close(-5 * Math.Exp(-40), BinomialLogitKernel.Evaluate([40], [5], [5], [], [], [], level), 1e-15);

    private static (double[] Eta, double[] Successes, double[] Trials) Cells(int n)
    {
        var rng = new Rng(11, (ulong)n);
        double[] trials = [.. Enumerable.Range(0, n).Select(_ => (double)rng.NextInt(30))];
        return ([.. Enumerable.Range(0, n).Select(_ => 4 * rng.NextNormal())], [.. trials.Select(t => (double)rng.NextBinomial((int)t, 0.4))], trials);
    }
}
