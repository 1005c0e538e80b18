using Terrace.Inference.LogDensities;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Inference.Approximations;

/// <summary>A step along a direction that meets the strong Wolfe conditions, by bracketing and cubic interpolation: Nocedal and Wright (2006), algorithms 3.5 and 3.6. Where the density is not defined counts as −∞.</summary>
internal sealed class WolfeSearch(ILogDensity density, bool includeJacobian)
{
    private const double Rise = 1e-4, Flatness = 0.9;
    private const int MostTrials = 40;

    /// <summary>The number of evaluations so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>The point at a position; null where there is no finite density or gradient.</summary>
    public LbfgsPoint? At(ReadOnlySpan<double> position)
    {
        Evaluations++;
        var gradient = new double[position.Length];
        DensityValue value = density.Evaluate(position, gradient, includeJacobian);
        return value.IsAccepted && double.IsFinite(value.Value) && gradient.All(double.IsFinite) ? new LbfgsPoint(position.ToArray(), value.Value, gradient) : null;
    }

    /// <summary>A point further along; null where none raises the density.</summary>
    public LbfgsPoint? Along(LbfgsPoint from, double[] direction, double first)
    {
        double slope = ContiguousLoops.Dot(from.Gradient, direction);
        if (!(slope > 0)) return null;
        var low = new Trial(0, from, slope);
        double length = first, farthest = double.PositiveInfinity;
        for (int trial = 0; trial < MostTrials; trial++)
        {
            Trial? next = Try(from, direction, length);
            if (next is null)
            {
                farthest = length;
                length = 0.5 * (low.Length + length);
                continue;
            }
            if (next.Point.Value < from.Value + Rise * length * slope || trial > 0 && next.Point.Value <= low.Point.Value && low.Length > 0) return Zoom(from, direction, slope, low, next);
            if (Math.Abs(next.Slope) <= Flatness * slope) return next.Point;
            if (next.Slope <= 0) return Zoom(from, direction, slope, next, low);
            low = next;
            length = double.IsInfinity(farthest) ? 2 * length : 0.5 * (length + farthest);
        }
        return low.Length > 0 ? low.Point : null;
    }

    /// <summary>Narrows an interval whose end <paramref name="low"/> is the best point so far and has a slope towards <paramref name="high"/>.</summary>
    private LbfgsPoint? Zoom(LbfgsPoint from, double[] direction, double slope, Trial low, Trial high)
    {
        for (int trial = 0; trial < MostTrials; trial++)
        {
            double length = Interpolated(low, high);
            Trial? next = Try(from, direction, length);
            if (next is null) high = new Trial(length, low.Point with { Value = double.NegativeInfinity }, -slope);
            else if (next.Point.Value < from.Value + Rise * length * slope || next.Point.Value <= low.Point.Value) high = next;
            else
            {
                if (Math.Abs(next.Slope) <= Flatness * slope) return next.Point;
                if (next.Slope * (high.Length - low.Length) <= 0) high = low;
                low = next;
            }
            if (Math.Abs(high.Length - low.Length) < 1e-14 * Math.Max(1e-10, Math.Abs(low.Length))) break;
        }
        return low.Length > 0 && low.Point.Value > from.Value ? low.Point : null;
    }

    /// <summary>The top of the cubic through both ends (equation 3.59), kept a tenth of the interval away from them.</summary>
    private static double Interpolated(Trial low, Trial high)
    {
        double width = high.Length - low.Length, d1 = -low.Slope - high.Slope - 3 * (high.Point.Value - low.Point.Value) / (low.Length - high.Length);
        double square = d1 * d1 - low.Slope * high.Slope, d2 = square >= 0 ? Math.Sign(width) * Math.Sqrt(square) : double.NaN;
        double length = high.Length - width * (-high.Slope + d2 - d1) / (-high.Slope + low.Slope + 2 * d2);
        double near = Math.Min(low.Length, high.Length) + 0.1 * Math.Abs(width), far = Math.Max(low.Length, high.Length) - 0.1 * Math.Abs(width);
        return length >= near && length <= far ? length : 0.5 * (low.Length + high.Length);
    }

    private Trial? Try(LbfgsPoint from, double[] direction, double length)
    {
        double[] position = [.. from.Position];
        ContiguousLoops.AddMultiple(length, direction, position);
        return At(position) is { } point ? new Trial(length, point, ContiguousLoops.Dot(point.Gradient, direction)) : null;
    }

    private sealed record Trial(double Length, LbfgsPoint Point, double Slope);
}
