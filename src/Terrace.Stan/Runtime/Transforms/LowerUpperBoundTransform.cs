using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Transforms;

/// <summary>
/// Real numbers between two bounds: x = a + (b − a) s, s = 1 / (1 + exp(−y)), log |J| = Σ log(b − a) + log s + log(1 − s). Source: Stan reference manual, "Lower and upper bounded scalar".
/// A bound may be infinite, element by element: then only the other one holds (x = a + exp(y), x = b − exp(y), or x = y), as in the transforms with one bound.
/// </summary>
internal static class LowerUpperBoundTransform
{
    private static readonly IntervalOperation Bounded = new();

    /// <summary>The number of free values.</summary>
    public static int FreeSize(int size) => size;

    /// <summary>The bounded values of free ones.</summary>
    public static Block Constrain(Workspace w, Block free, Block lower, Block upper, bool jacobian)
    {
        BoundShape.Require(free, lower, "lower bound");
        BoundShape.Require(free, upper, "upper bound");
        bool active = w.Differentiating && (free.Active || lower.Active || upper.Active);
        Block result = w.AllocateLike(free, active);
        int n = free.Count, lowerStep = lower.Count == 1 ? 0 : 1, upperStep = upper.Count == 1 ? 0 : 1;
        for (int i = 0; i < n; i++)
        {
            int a = lower.Offset + (i * lowerStep), b = upper.Offset + (i * upperStep);
            double low = w.V[a], high = w.V[b], y = w.V[free.Offset + i];
            if (!(low < high)) Workspace.Reject($"the lower bound is {low}, but must be less than the upper bound, {high}");
            w.V[result.Offset + i] = Value(y, low, high);
            if (!jacobian) continue;
            w.Target += LogSlope(y, low, high);
            if (!w.Differentiating) continue;
            if (free.Active) w.A[free.Offset + i] += LogSlopeDerivative(y, low, high);
            if (double.IsInfinity(low) || double.IsInfinity(high)) continue;
            if (lower.Active) w.A[a] -= 1 / (high - low);
            if (upper.Active) w.A[b] += 1 / (high - low);
        }
        if (active) w.Record(Bounded, free.Offset, free.Active ? 1 : 0, lower.Offset, lower.Active ? 1 : 0, lowerStep, upper.Offset, upper.Active ? 1 : 0, upperStep, result.Offset, n);
        return result;
    }

    private static double Value(double y, double low, double high)
    {
        if (double.IsNegativeInfinity(low)) return double.IsPositiveInfinity(high) ? y : high - Math.Exp(y);
        return double.IsPositiveInfinity(high) ? low + Math.Exp(y) : low + ((high - low) * LogisticFunction.Logistic(y));
    }

    private static double LogSlope(double y, double low, double high)
    {
        bool below = double.IsNegativeInfinity(low), above = double.IsPositiveInfinity(high);
        if (below || above) return below && above ? 0 : y;
        return Math.Log(high - low) - Math.Abs(y) - (2 * LogisticFunction.Log1p(Math.Exp(-Math.Abs(y))));
    }

    private static double LogSlopeDerivative(double y, double low, double high)
    {
        bool below = double.IsNegativeInfinity(low), above = double.IsPositiveInfinity(high);
        if (below || above) return below && above ? 0 : 1;
        return -Math.Tanh(y / 2);
    }

    /// <summary>The free values of bounded ones.</summary>
    /// <exception cref="ArgumentException">A value is outside its bounds.</exception>
    public static void Free(ReadOnlySpan<double> constrained, Span<double> free, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        if (Violation(constrained, lower, upper) is { } violation) throw new ArgumentException(violation, nameof(constrained));
        for (int i = 0; i < constrained.Length; i++)
        {
            double low = lower[lower.Length == 1 ? 0 : i], high = upper[upper.Length == 1 ? 0 : i], x = constrained[i];
            if (double.IsNegativeInfinity(low)) free[i] = double.IsPositiveInfinity(high) ? x : Math.Log(high - x);
            else free[i] = double.IsPositiveInfinity(high) ? Math.Log(x - low) : Math.Log(x - low) - Math.Log(high - x);
        }
    }

    /// <summary>Refuses values outside their bounds.</summary>
    public static void Check(ReadOnlySpan<double> x, string name, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        if (Violation(x, lower, upper) is { } violation) Workspace.Reject($"{name}: {violation}");
    }

    private static string? Violation(ReadOnlySpan<double> x, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double low = lower[lower.Length == 1 ? 0 : i], high = upper[upper.Length == 1 ? 0 : i];
            if (!(x[i] >= low && x[i] <= high)) return $"{BoundShape.Element(i, x.Length)} is {x[i]}, but must be between {low} and {high}";
        }
        return null;
    }

    private sealed class IntervalOperation : TapeOperation
    {
        public override void Reverse(Workspace w, ReadOnlySpan<int> o)
        {
            for (int i = 0; i < o[9]; i++)
            {
                int a = o[2] + (i * o[4]), b = o[5] + (i * o[7]);
                double low = w.V[a], high = w.V[b], y = w.V[o[0] + i], given = w.A[o[8] + i];
                bool below = double.IsNegativeInfinity(low), above = double.IsPositiveInfinity(high);
                double slope, share;
                if (below || above)
                {
                    slope = below && above ? 1 : below ? -Math.Exp(y) : Math.Exp(y);
                    share = below ? 1 : 0;
                }
                else
                {
                    share = LogisticFunction.Logistic(y);
                    slope = (high - low) * share * LogisticFunction.Logistic(-y);
                }
                if (o[1] != 0) w.A[o[0] + i] += given * slope;
                if (o[3] != 0 && !below) w.A[a] += given * (1 - share);
                if (o[6] != 0 && !above) w.A[b] += given * share;
            }
        }
    }
}
