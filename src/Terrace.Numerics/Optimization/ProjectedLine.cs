namespace Terrace.Numerics.Optimization;

/// <summary>
/// Finds a step along a direction bent at the bounds that lowers a function enough and flattens its slope enough.
/// <para>Formula: x(a) = clamp(x + a d); accept f(a) &lt;= f(0) + c1 a f'(0) and f'(a) &gt;= c2 f'(0) (weak Wolfe), or, within rounding of f(0),
/// f'(a) &lt;= (2 c1 - 1) f'(0) in place of the first; f'(a) counts the variables that still move.</para>
/// <para>Symbols: a = length, c1 = <see cref="Decrease"/>, c2 = <see cref="Flattening"/>.</para>
/// <para>Source: Nocedal and Wright (2006), section 3.5, and Hager and Zhang (2005), eq. 2.3; cubic interpolation kept inside the bracket.
/// Tests: BoundedQuasiNewtonTests.</para>
/// </summary>
internal sealed class ProjectedLine(Objective f, double[] lower, double[] upper, int maximumEvaluations, CancellationToken cancellation)
{
    private const double Decrease = 1e-4;
    private const double Flattening = 0.9;
    private const int MaximumTrials = 60;
    private readonly double[] _trial = new double[lower.Length];
    private readonly double[] _trialGradient = new double[lower.Length];

    /// <summary>How often the function was evaluated.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether no evaluation is left.</summary>
    public bool Exhausted => Evaluations >= maximumEvaluations;

    /// <summary>The accepted point, its gradient and value.</summary>
    public double[] Point { get; } = new double[lower.Length];

    /// <summary>The gradient at <see cref="Point"/>.</summary>
    public double[] Gradient { get; } = new double[lower.Length];

    /// <summary>The value at <see cref="Point"/>.</summary>
    public double Value { get; private set; }

    /// <summary>A copy of <paramref name="point"/> moved inside the bounds.</summary>
    public double[] Clamp(double[] point) => [.. point.Select((x, i) => Math.Clamp(x, lower[i], upper[i]))];

    /// <summary>Whether variable <paramref name="i"/> sits on a bound that <paramref name="move"/> would cross.</summary>
    public bool IsHeld(int i, double x, double move) => (x <= lower[i] && move <= 0) || (x >= upper[i] && move >= 0);

    /// <summary>The value and gradient at a point, counted.</summary>
    public double Evaluate(double[] point, double[] gradient)
    {
        cancellation.ThrowIfCancellationRequested();
        Evaluations++;
        return f(point, gradient);
    }

    /// <summary>Searches from <paramref name="point"/> along <paramref name="direction"/>; true with the step in <see cref="Point"/> when the value fell.</summary>
    public bool Search(double[] point, double value, double[] gradient, double[] direction, double slope, double limit)
    {
        double low = 0, lowValue = value, lowSlope = slope, high = double.PositiveInfinity;
        double a = Math.Min(1, limit), noise = 1e-14 * (1 + Math.Abs(value)), longest = Math.Min(limit, Reach(point, direction));
        bool found = false;
        Value = value;
        for (int trial = 0; trial < MaximumTrials && !Exhausted; trial++)
        {
            double trialValue = Try(point, direction, a, out bool moved);
            if (!moved) return found;
            double trialSlope = Slope(direction);
            bool finite = double.IsFinite(trialValue) && double.IsFinite(trialSlope);
            bool lowers = finite && (trialValue <= value + Decrease * a * slope
                || (trialValue <= value + noise && trialSlope <= (2 * Decrease - 1) * slope && -a * slope <= 1e3 * noise));
            if (lowers && (!found || trialValue <= Value + noise))
            {
                found = true;
                Keep(trialValue);
                if (trialSlope >= Flattening * slope || a >= longest) return true;
                (low, lowValue, lowSlope) = (a, trialValue, trialSlope);
                a = double.IsInfinity(high) ? Math.Min(Math.Min(4 * a, longest), limit) : 0.5 * (low + high);
                continue;
            }

            high = a;
            a = finite ? Interpolate(low, lowValue, lowSlope, a, trialValue, trialSlope) : low + 0.1 * (a - low);
        }

        return found;
    }

    /// <summary>The step at which the last moving variable meets its bound.</summary>
    private double Reach(double[] point, double[] direction)
    {
        double reach = 0;
        for (int i = 0; i < direction.Length; i++)
        {
            if (direction[i] == 0) continue;
            reach = Math.Max(reach, ((direction[i] > 0 ? upper[i] : lower[i]) - point[i]) / direction[i]);
        }

        return reach;
    }

    private double Try(double[] point, double[] direction, double a, out bool moved)
    {
        moved = false;
        for (int i = 0; i < _trial.Length; i++)
        {
            _trial[i] = Math.Clamp(point[i] + a * direction[i], lower[i], upper[i]);
            moved |= _trial[i] != point[i];
        }

        return moved ? Evaluate(_trial, _trialGradient) : double.NaN;
    }

    private double Slope(double[] direction)
    {
        double slope = 0;
        for (int i = 0; i < direction.Length; i++)
        {
            if (!IsHeld(i, _trial[i], direction[i])) slope += direction[i] * _trialGradient[i];
        }

        return slope;
    }

    private void Keep(double value)
    {
        Value = value;
        _trial.CopyTo(Point, 0);
        _trialGradient.CopyTo(Gradient, 0);
    }

    /// <summary>The minimum of the cubic through both ends, kept in the inner part of the bracket.</summary>
    private static double Interpolate(double low, double lowValue, double lowSlope, double high, double highValue, double highSlope)
    {
        double width = high - low, d1 = lowSlope + highSlope - 3 * (lowValue - highValue) / (low - high), square = d1 * d1 - lowSlope * highSlope;
        double minimum = low + 0.5 * width;
        if (square >= 0)
        {
            double d2 = Math.Sqrt(square), candidate = high - width * (highSlope + d2 - d1) / (highSlope - lowSlope + 2 * d2);
            if (double.IsFinite(candidate)) minimum = candidate;
        }

        return Math.Clamp(minimum, low + 0.1 * width, high - 0.1 * width);
    }
}
