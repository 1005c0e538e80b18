using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Inference.Approximations;

/// <summary>The last steps s and changes of gradient z of −log density, and the direction that they give: Nocedal and Wright (2006), algorithm 7.4.</summary>
internal sealed class LbfgsHistory(int dimension, int most) : IAscentDirection
{
    private readonly List<(double[] Step, double[] Change, double Product)> _pairs = [];

    public bool IsEmpty => _pairs.Count == 0;

    public long Evaluations => 0;

    public void Clear() => _pairs.Clear();

    /// <summary>Takes in a step unless its curvature is not positive; gives its length.</summary>
    public double Add(LbfgsPoint from, LbfgsPoint to)
    {
        double[] step = new double[dimension], change = new double[dimension];
        for (int i = 0; i < dimension; i++)
        {
            step[i] = to.Position[i] - from.Position[i];
            change[i] = from.Gradient[i] - to.Gradient[i];
        }
        double product = ContiguousLoops.Dot(step, change);
        if (product > 1e-12 * ContiguousLoops.Dot(change, change))
        {
            _pairs.Add((step, change, product));
            if (_pairs.Count > most) _pairs.RemoveAt(0);
        }
        return Math.Sqrt(ContiguousLoops.Dot(step, step));
    }

    public double[] Direction(LbfgsPoint at)
    {
        double[] q = [.. at.Gradient], a = new double[_pairs.Count];
        for (int k = _pairs.Count - 1; k >= 0; k--)
        {
            a[k] = ContiguousLoops.Dot(_pairs[k].Step, q) / _pairs[k].Product;
            ContiguousLoops.AddMultiple(-a[k], _pairs[k].Change, q);
        }
        if (_pairs.Count > 0) ContiguousLoops.Scale(q, _pairs[^1].Product / ContiguousLoops.Dot(_pairs[^1].Change, _pairs[^1].Change));
        for (int k = 0; k < _pairs.Count; k++) ContiguousLoops.AddMultiple(a[k] - ContiguousLoops.Dot(_pairs[k].Change, q) / _pairs[k].Product, _pairs[k].Step, q);
        return q;
    }
}
