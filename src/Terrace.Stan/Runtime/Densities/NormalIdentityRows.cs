using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Normal outcomes given their means η and the scale σ (one, or one a row): with z = (y − η)/σ the sum of −z²/2, residual z/σ, derivatives −z/σ by y and (z² − 1)/σ by σ, the latter
/// with that of −log σ.
/// </summary>
internal readonly ref struct NormalIdentityRows(ReadOnlySpan<double> y, ReadOnlySpan<double> sigma, Span<double> dY, Span<double> dSigma) : ILinkedRows
{
    private readonly ReadOnlySpan<double> _y = y, _sigma = sigma;
    private readonly Span<double> _dY = dY, _dSigma = dSigma;

    /// <inheritdoc/>
    public static int ScratchColumns => 1;

    /// <inheritdoc/>
    public double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes)
    {
        int n = eta.Length;
        if (_y.Length == 1) TensorPrimitives.Subtract(_y[0], eta, eta);
        else TensorPrimitives.Subtract(_y.Slice(from, n), eta, eta);
        ReadOnlySpan<double> scale = _sigma.Length == 1 ? default : _sigma.Slice(from, n);
        if (scale.IsEmpty) TensorPrimitives.Divide(eta, _sigma[0], eta);
        else TensorPrimitives.Divide(eta, scale, eta);
        double squares = TensorPrimitives.SumOfSquares<double>(eta);
        if (!slopes) return -0.5 * squares;
        if (_dSigma.Length == 1) _dSigma[0] += (squares - n) / _sigma[0];
        else if (!_dSigma.IsEmpty)
        {
            TensorPrimitives.Multiply(eta, eta, scratch);
            TensorPrimitives.Subtract(scratch, 1, scratch);
            TensorPrimitives.Divide(scratch, scale, _dSigma.Slice(from, n));
        }
        if (scale.IsEmpty) TensorPrimitives.Divide(eta, _sigma[0], eta);
        else TensorPrimitives.Divide(eta, scale, eta);
        if (_dY.Length == 1) _dY[0] -= TensorPrimitives.Sum<double>(eta);
        else if (!_dY.IsEmpty) TensorPrimitives.Negate(eta, _dY.Slice(from, n));
        return -0.5 * squares;
    }
}
