using System.Numerics.Tensors;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Residuals r of k elements measured by a covariance Σ or its Cholesky factor L: z = L⁻¹ r, α = Σ⁻¹ r, q = rᵀ Σ⁻¹ r. For densities −½ Σᵢ h(qᵢ) − ½ n log |Σ| with weights wᵢ = h′(qᵢ) the derivatives are −wᵢ αᵢ by rᵢ,
/// ½ (Σ wᵢ αᵢ αᵢᵀ − n Σ⁻¹) by Σ and tril(Σ wᵢ αᵢ zᵢᵀ) − n diag(1/L) by L (Giles 2008, section 2.2). Use: <see cref="Factored"/>, fill <see cref="Residuals"/>, <see cref="Solve"/>.
/// </summary>
internal readonly struct WhitenedRows
{
    private readonly Workspace _w;
    private readonly int _factor, _residuals, _weighed, _size, _count;
    private readonly bool _byFactor;

    private WhitenedRows(Workspace w, int factor, int size, int count, bool byFactor, double logDiagonal)
    {
        _w = w;
        _factor = factor;
        _size = size;
        _count = count;
        _byFactor = byFactor;
        LogDiagonal = logDiagonal;
        _residuals = w.AllocateSlots(size * count);
        _weighed = w.AllocateSlots(size * count);
    }

    /// <summary>½ log |Σ|.</summary>
    public double LogDiagonal { get; }

    /// <summary>Factors the covariance, or takes the factor as it is, for <paramref name="count"/> residuals.</summary>
    public static WhitenedRows Factored(Workspace w, string name, Block scale, bool byFactor, int count)
    {
        Factorizations.RequireSquare(name, scale);
        int k = scale.Rows, factor = byFactor ? scale.Offset : w.AllocateSlots(k * k);
        if (!byFactor)
        {
            Factorizations.RequireSymmetric(w, name, scale);
            w.Values(scale).CopyTo(w.V.AsSpan(factor));
            Factorizations.Factor(w, name, factor, k);
        }
        double logDiagonal = 0;
        for (int i = 0; i < k; i++)
        {
            double diagonal = w.V[factor + (i * (k + 1))];
            if (!(diagonal > 0)) Workspace.Reject($"{name}: diagonal element {i + 1} of the Cholesky factor is {diagonal}, but must be positive");
            logDiagonal += Math.Log(diagonal);
        }
        return new WhitenedRows(w, factor, k, count, byFactor, logDiagonal);
    }

    /// <summary>Residual <paramref name="i"/>, to be filled; L⁻¹ r after <see cref="Solve"/>.</summary>
    public Span<double> Residuals(int i) => _w.V.AsSpan(_residuals + (i * _size), _size);

    /// <summary>Σ⁻¹ r.</summary>
    public ReadOnlySpan<double> Weighed(int i) => _w.V.AsSpan(_weighed + (i * _size), _size);

    /// <summary>rᵀ Σ⁻¹ r.</summary>
    public double Square(int i) => TensorPrimitives.SumOfSquares<double>(Residuals(i));

    /// <summary>Turns residuals into L⁻¹ r and Σ⁻¹ r.</summary>
    public void Solve()
    {
        var triangle = new MatrixView(_w.V, _factor, _size);
        MatrixKernels.Solve(triangle, _size, new MatrixView(_w.V, _residuals, _size), _count);
        _w.V.AsSpan(_residuals, _size * _count).CopyTo(_w.V.AsSpan(_weighed));
        MatrixKernels.Solve(triangle.T, _size, new MatrixView(_w.V, _weighed, _size), _count);
    }

    /// <summary>Adds the derivatives by Σ or L, given the weight of each residual and how often ½ log |Σ| is subtracted.</summary>
    public void AddScaleSlopes(Span<double> slopes, ReadOnlySpan<double> weights, double times)
    {
        if (slopes.IsEmpty) return;
        int k = _size;
        if (_byFactor)
        {
            // Only the lower triangle was read.
            for (int j = 0; j < k; j++)
            {
                Span<double> column = slopes.Slice((j * k) + j, k - j);
                for (int i = 0; i < _count; i++) TensorPrimitives.MultiplyAdd(Weighed(i)[j..], weights[i] * Residuals(i)[j], column, column);
                column[0] -= times / _w.V[_factor + (j * (k + 1))];
            }
            return;
        }
        int inverse = _w.AllocateSlots(k * k);
        Determinants.InverseFromCholesky(_w, _factor, k, inverse);
        TensorPrimitives.MultiplyAdd(_w.V.AsSpan(inverse, k * k), -0.5 * times, slopes, slopes);
        for (int i = 0; i < _count; i++)
        {
            ReadOnlySpan<double> alpha = Weighed(i);
            for (int j = 0; j < k; j++) TensorPrimitives.MultiplyAdd(alpha, 0.5 * weights[i] * alpha[j], slopes.Slice(j * k, k), slopes.Slice(j * k, k));
        }
    }
}
