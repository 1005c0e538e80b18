using BenchmarkDotNet.Attributes;
using Terrace.Numerics.LinearAlgebra;
using Terrace.Numerics.RandomNumbers;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Benchmarks;

/// <summary>The logistic likelihood of 3,200 cells, fused and vectorised, beside one scalar call a cell. Divide by 3,200 for the time of a cell.</summary>
public class LogisticBenchmarks
{
    private const int Cells = 3200;
    private readonly double[] _eta = new double[Cells], _successes = new double[Cells], _trials = new double[Cells];
    private readonly double[] _first = new double[Cells], _second = new double[Cells], _third = new double[Cells];

    [GlobalSetup]
    public void Prepare()
    {
        var rng = new Rng(1, 3);
        for (int i = 0; i < Cells; i++)
        {
            _eta[i] = 2 * rng.NextNormal();
            _trials[i] = rng.NextInt(20);
            _successes[i] = rng.NextBinomial((int)_trials[i], 0.4);
        }
    }

    [Benchmark(Baseline = true)]
    public void ScalarFunctions()
    {
        for (int i = 0; i < Cells; i++)
        {
            _first[i] = LogisticFunction.Logistic(_eta[i]);
            _second[i] = LogisticFunction.Log1pExp(_eta[i]);
        }
    }

    [Benchmark]
    public void LogisticScalar() => Logistic(SimdLevel.Scalar);

    [Benchmark]
    public void LogisticAvx2() => Logistic(SimdLevel.Avx2);

    [Benchmark]
    public void LogisticAvx512() => Logistic(SimdLevel.Avx512);

    [Benchmark]
    public double BinomialWithGradient() => BinomialLogitKernel.Evaluate(_eta, _successes, _trials, _first, [], []);

    [Benchmark]
    public double BinomialWithThreeDerivatives() => BinomialLogitKernel.Evaluate(_eta, _successes, _trials, _first, _second, _third);

    [Benchmark]
    public void Exponential() => ExponentialKernel.Evaluate(_eta, _first);

    private void Logistic(SimdLevel level) => LogisticKernel.Evaluate(_eta, _first, _second, level);
}
