using System.Numerics.Tensors;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Negative binomial counts given their log means and the precision φ (one, or one a row): with t = η − log φ, L = log(1 + e^t) and s = 1/(1 + e^−t) the sum of y (t − L) − φ L, residual
/// y − (y + φ) s, derivative s − L − y (1 − s)/φ by φ. The rest, log Γ(y + φ)/Γ(φ), does not involve η: see <see cref="Rising"/>.
/// </summary>
internal readonly ref struct NegBinomial2LogRows(ReadOnlySpan<int> y, ReadOnlySpan<double> phi, Span<double> dPhi) : ILinkedRows
{
    private const int Tallest = 256;

    private readonly ReadOnlySpan<int> _y = y;
    private readonly ReadOnlySpan<double> _phi = phi;
    private readonly Span<double> _dPhi = dPhi;

    /// <inheritdoc/>
    public static int ScratchColumns => 4;

    /// <inheritdoc/>
    public double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes)
    {
        int n = eta.Length;
        Span<double> counts = scratch[..n], share = scratch.Slice(n, n), logSum = scratch.Slice(2 * n, n), precision = scratch.Slice(3 * n, n);
        IntColumn.ToDoubles(_y, from, counts);
        if (_phi.Length == 1) precision.Fill(_phi[0]);
        else _phi.Slice(from, n).CopyTo(precision);
        if (_phi.Length == 1) TensorPrimitives.Subtract(eta, Math.Log(_phi[0]), eta);
        else
        {
            TensorPrimitives.Log(precision, share);
            TensorPrimitives.Subtract(eta, share, eta);
        }
        LogisticKernel.Evaluate(eta, share, logSum);
        TensorPrimitives.Subtract(eta, logSum, eta);
        double sum = TensorPrimitives.Dot<double>(counts, eta) - TensorPrimitives.Dot<double>(precision, logSum);
        if (!slopes) return sum;
        if (!_dPhi.IsEmpty) AddPrecisionSlopes(from, counts, share, logSum, precision);
        TensorPrimitives.Add(counts, precision, eta);
        TensorPrimitives.Multiply(eta, share, eta);
        TensorPrimitives.Subtract(counts, eta, eta);
        return sum;
    }

    private void AddPrecisionSlopes(int from, ReadOnlySpan<double> counts, ReadOnlySpan<double> share, ReadOnlySpan<double> logSum, ReadOnlySpan<double> precision)
    {
        double sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double slope = share[i] - logSum[i] - (counts[i] * (1 - share[i]) / precision[i]);
            if (_dPhi.Length == 1) sum += slope;
            else _dPhi[from + i] += slope;
        }
        if (_dPhi.Length == 1) _dPhi[0] += sum;
    }

    /// <summary>
    /// Σ log Γ(y + φ)/Γ(φ) over <paramref name="n"/> rows, its derivatives added to those by φ. With one φ for all, Σᵢ Σ_{j &lt; yᵢ} log(φ + j) = Σⱼ cⱼ log(φ + j), cⱼ the number of counts above j:
    /// a logarithm a distinct count instead of one a row.
    /// </summary>
    public double Rising(int n)
    {
        if (_phi.Length != 1 || n < 16) return RisingByRows(n);
        Span<int> tally = stackalloc int[Tallest];
        tally.Clear();
        double phi = _phi[0], sum = 0, slope = 0;
        int most = 0;
        for (int i = 0; i < n; i++)
        {
            int y = _y[_y.Length == 1 ? 0 : i];
            if (y < Tallest)
            {
                tally[y]++;
                most = Math.Max(most, y);
                continue;
            }
            sum += RisingFactorial.Log(phi, y);
            if (!_dPhi.IsEmpty) slope += RisingFactorial.First(phi, y);
        }
        int above = 0;
        for (int j = most - 1; j >= 0; j--)
        {
            above += tally[j + 1];
            sum += above * Math.Log(phi + j);
            slope += above / (phi + j);
        }
        if (!_dPhi.IsEmpty) _dPhi[0] += slope;
        return sum;
    }

    private double RisingByRows(int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            int y = _y[_y.Length == 1 ? 0 : i];
            double phi = _phi[_phi.Length == 1 ? 0 : i];
            sum += RisingFactorial.Log(phi, y);
            if (!_dPhi.IsEmpty) _dPhi[_dPhi.Length == 1 ? 0 : i] += RisingFactorial.First(phi, y);
        }
        return sum;
    }
}
