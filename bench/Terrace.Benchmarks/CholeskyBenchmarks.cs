using BenchmarkDotNet.Attributes;
using Terrace.Numerics.LinearAlgebra;
using DenseMatrix = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix;

namespace Terrace.Benchmarks;

/// <summary>Factor and inverse of a definite matrix at each instruction level beside MathNet's managed ones.</summary>
[MemoryDiagnoser]
public class CholeskyBenchmarks
{
    private Matrix _definite = new(0, 0);
    private Matrix _work = new(0, 0);
    private Matrix _factor = new(0, 0);
    private DenseMatrix _mathNet = new(1, 1);

    [Params(32, 80, 256, 1128)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _definite = TestMatrix.Definite(Size);
        _work = _definite.Copy();
        _factor = _definite.Copy();
        Cholesky.TryFactor(_factor);
        _mathNet = new DenseMatrix(Size, Size, (double[])_definite.Values.Clone());
    }

    [Benchmark(Baseline = true)]
    public object MathNetFactor() => _mathNet.Cholesky();

    [Benchmark]
    public bool FactorScalar() => Factor(SimdLevel.Scalar);

    [Benchmark]
    public bool FactorAvx2() => Factor(SimdLevel.Avx2);

    [Benchmark]
    public bool FactorAvx512() => Factor(SimdLevel.Avx512);

    [Benchmark]
    public Matrix Inverse() => Cholesky.InverseFromFactor(_factor);

    private bool Factor(SimdLevel level)
    {
        _definite.Values.CopyTo(_work.Values, 0);
        return Cholesky.TryFactor(_work, level);
    }
}
