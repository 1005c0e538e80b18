using System.Numerics.Tensors;
using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Outcomes 1 … K of an ordered logit. With u = η − c_y and v = c_{y−1} − η (c₀ = −∞, c_K = ∞), log(logistic(−u) − logistic(v)) =
/// −log(1 + e^u) − log(1 + e^v) + log(1 − e^(c_{y−1} − c_y)), in which nothing cancels; residual logistic(v) − logistic(u). The last summand depends on the cutpoints only, see
/// <see cref="Gaps"/>.
/// </summary>
internal readonly ref struct OrderedLogitRows(ReadOnlySpan<int> y, in Cutpoints cutpoints) : ILinkedRows
{
    private readonly ReadOnlySpan<int> _y = y;
    private readonly Cutpoints _cutpoints = cutpoints;

    /// <inheritdoc/>
    public static int ScratchColumns => 3;

    /// <inheritdoc/>
    public double Evaluate(int from, scoped Span<double> eta, scoped Span<double> scratch, bool slopes)
    {
        int n = eta.Length;
        Span<double> over = scratch[..n], under = scratch.Slice(n, n), logs = scratch.Slice(2 * n, n);
        ReadOnlySpan<double> bounds = _cutpoints.Bounds;
        for (int i = 0; i < n; i++)
        {
            int k = Outcome(from + i);
            over[i] = eta[i] - bounds[k];
            under[i] = bounds[k - 1] - eta[i];
        }
        LogisticKernel.Evaluate(over, over, logs);
        double sum = -TensorPrimitives.Sum<double>(logs);
        LogisticKernel.Evaluate(under, under, logs);
        sum -= TensorPrimitives.Sum<double>(logs);
        if (!slopes) return sum;
        if (_cutpoints.HasSlopes)
        {
            Span<double> bySlope = _cutpoints.Slopes;
            for (int i = 0; i < n; i++)
            {
                int k = Outcome(from + i);
                bySlope[k] += over[i];
                bySlope[k - 1] -= under[i];
            }
        }
        TensorPrimitives.Subtract(under, over, eta);
        return sum;
    }

    /// <summary>
    /// Σ log(1 − e^(c_{y−1} − c_y)) over the outcomes between the extremes, a logarithm a category, with the derivatives ±1/(e^(c_y − c_{y−1}) − 1) by the cutpoints.
    /// </summary>
    public double Gaps(int n)
    {
        int last = _cutpoints.Bounds.Length - 1;
        Span<double> tally = _cutpoints.Tally;
        for (int i = 0; i < n; i++) tally[Outcome(i)]++;
        double sum = 0;
        for (int k = 2; k < last; k++)
        {
            if (tally[k] == 0) continue;
            double gap = _cutpoints.Bounds[k] - _cutpoints.Bounds[k - 1];
            sum += tally[k] * LogisticFunction.Log1mExp(gap);
            if (!_cutpoints.HasSlopes) continue;
            double slope = tally[k] / LogisticFunction.Expm1(gap);
            _cutpoints.Slopes[k] += slope;
            _cutpoints.Slopes[k - 1] -= slope;
        }
        return sum;
    }

    private int Outcome(int i) => _y[_y.Length == 1 ? 0 : i];
}
