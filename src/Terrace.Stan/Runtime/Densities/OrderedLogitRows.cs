using System.Numerics.Tensors;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Outcomes 1 … K of an ordered logit: with u = η − c_y and v = c_{y−1} − η (c₀ = −∞, c_K = ∞), log(logistic(−u) − logistic(v)) = −log(1 + e^u) − log(1 + e^v) + log(1 − e^(c_{y−1} − c_y)), in which nothing
/// cancels. Residual logistic(v) − logistic(u). The last summand depends on the cutpoints only: see <see cref="Gaps"/>.
/// </summary>
/// <param name="y">Outcomes.</param>
/// <param name="bounds">−∞, the K − 1 cutpoints, ∞.</param>
/// <param name="dCutpoints">The derivatives by the cutpoints, or empty.</param>
internal readonly ref struct OrderedLogitRows(ReadOnlySpan<int> y, ReadOnlySpan<double> bounds, Span<double> dCutpoints) : ILinkedRows
{
    private readonly ReadOnlySpan<int> _y = y;
    private readonly ReadOnlySpan<double> _bounds = bounds;
    private readonly Span<double> _dCutpoints = dCutpoints;

    /// <inheritdoc/>
    public static int ScratchColumns => 3;

    /// <inheritdoc/>
    public double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes)
    {
        int n = eta.Length, last = _bounds.Length - 1;
        Span<double> over = scratch[..n], under = scratch.Slice(n, n), logs = scratch.Slice(2 * n, n);
        for (int i = 0; i < n; i++)
        {
            int k = Outcome(from + i);
            over[i] = eta[i] - _bounds[k];
            under[i] = _bounds[k - 1] - eta[i];
        }
        LogisticKernel.Evaluate(over, over, logs);
        double sum = -TensorPrimitives.Sum<double>(logs);
        LogisticKernel.Evaluate(under, under, logs);
        sum -= TensorPrimitives.Sum<double>(logs);
        if (!slopes) return sum;
        if (!_dCutpoints.IsEmpty)
        {
            for (int i = 0; i < n; i++)
            {
                int k = Outcome(from + i);
                if (k < last) _dCutpoints[k - 1] += over[i];
                if (k > 1) _dCutpoints[k - 2] -= under[i];
            }
        }
        TensorPrimitives.Subtract(under, over, eta);
        return sum;
    }

    /// <summary>Σ log(1 − e^(c_{y−1} − c_y)) over the outcomes between the extremes, with the derivatives ±1/(e^(c_y − c_{y−1}) − 1) by the cutpoints.</summary>
    public double Gaps(int n)
    {
        int last = _bounds.Length - 1;
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            int k = Outcome(i);
            if (k == 1 || k == last) continue;
            double gap = _bounds[k] - _bounds[k - 1];
            sum += LogisticFunction.Log1mExp(gap);
            if (_dCutpoints.IsEmpty) continue;
            double slope = 1 / LogisticFunction.Expm1(gap);
            _dCutpoints[k - 1] += slope;
            _dCutpoints[k - 2] -= slope;
        }
        return sum;
    }

    private int Outcome(int i) => _y[_y.Length == 1 ? 0 : i];
}
