using Terrace.Inference.Sampling;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Inference.Approximations;

/// <summary>
/// The inverse of the negative Hessian from all steps s and changes z of the gradient of −log density.
/// <code>H ← (I − ρ s z') H (I − ρ z s') + ρ s s',  ρ = 1/s'z;   before the first step H = (s'z / z'z) I</code>
/// Nocedal and Wright (2006), equations 6.17 and 6.20.
/// </summary>
internal sealed class BfgsInverse : IAscentDirection
{
    private const int LargestDimension = 10_000;
    private readonly double[][] _rows;

    /// <summary>Knows nothing yet.</summary>
    /// <exception cref="SamplingException">The matrix would be too large.</exception>
    public BfgsInverse(int dimension)
    {
        if (dimension > LargestDimension) throw new SamplingException($"BFGS keeps a matrix, of {dimension} rows here and {LargestDimension} at most; take L-BFGS.");
        _rows = new double[dimension][];
        for (int i = 0; i < dimension; i++) _rows[i] = new double[dimension];
    }

    public bool IsEmpty { get; private set; } = true;

    public long Evaluations => 0;

    public void Clear() => IsEmpty = true;

    public double Add(LbfgsPoint from, LbfgsPoint to)
    {
        int n = _rows.Length;
        double[] step = new double[n], change = new double[n], product = new double[n];
        for (int i = 0; i < n; i++) (step[i], change[i]) = (to.Position[i] - from.Position[i], from.Gradient[i] - to.Gradient[i]);
        double curvature = ContiguousLoops.Dot(step, change), squares = ContiguousLoops.Dot(change, change);
        if (curvature > 1e-12 * squares)
        {
            if (IsEmpty) Reset(curvature / squares);
            IsEmpty = false;
            for (int i = 0; i < n; i++) product[i] = ContiguousLoops.Dot(_rows[i], change);
            double factor = (1 + (ContiguousLoops.Dot(change, product) / curvature)) / curvature;
            for (int i = 0; i < n; i++)
            {
                ContiguousLoops.AddMultiple((factor * step[i]) - (product[i] / curvature), step, _rows[i]);
                ContiguousLoops.AddMultiple(-step[i] / curvature, product, _rows[i]);
            }
        }
        return Math.Sqrt(ContiguousLoops.Dot(step, step));
    }

    public double[] Direction(LbfgsPoint at) => IsEmpty ? [.. at.Gradient] : [.. _rows.Select(row => ContiguousLoops.Dot(row, at.Gradient))];

    private void Reset(double scale)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            Array.Clear(_rows[i]);
            _rows[i][i] = scale;
        }
    }
}
