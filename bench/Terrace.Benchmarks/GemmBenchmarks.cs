using BenchmarkDotNet.Attributes;
using Terrace.Numerics.LinearAlgebra;
using DenseMatrix = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix;

namespace Terrace.Benchmarks;

/// <summary>Products of square matrices at each instruction level beside MathNet's managed ones.</summary>
public class GemmBenchmarks
{
    private Matrix _a = new(0, 0);
    private Matrix _c = new(0, 0);
    private DenseMatrix _mathNet = new(1, 1);
    private DenseMatrix _result = new(1, 1);

    [Params(48, 256, 1128)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _a = TestMatrix.Normal(Size, Size);
        _c = new Matrix(Size, Size);
        _mathNet = new DenseMatrix(Size, Size, _a.Values);
        _result = new DenseMatrix(Size, Size);
    }

    [Benchmark(Baseline = true)]
    public void MathNetProduct() => _mathNet.Multiply(_mathNet, _result);

    [Benchmark]
    public void ProductScalar() => Product(SimdLevel.Scalar);

    [Benchmark]
    public void ProductAvx2() => Product(SimdLevel.Avx2);

    [Benchmark]
    public void ProductAvx512() => Product(SimdLevel.Avx512);

    [Benchmark]
    public void SymmetricUpdate() => Syrk.AddLower(_c, 1e-3, _a, false);

    private void Product(SimdLevel level) => Gemm.AddProduct(_c, 1e-3, _a, false, _a, false, level);
}
