namespace Terrace.Numerics.Interpolation;

/// <summary>
/// A smooth curve through points of increasing abscissa, cubic in between, that rises where its points rise and falls where they fall.
/// <para>Formula: Hermite cubics whose slope at a point is the weighted harmonic mean of the neighbouring secants, 0 where they differ in sign; one-sided three-point slopes at the ends.</para>
/// <para>Source: Fritsch and Butland (1984), A method for constructing local monotone piecewise cubic interpolants, equation 5 (Brodlie's weights). Tests: MonotoneCubicTests.</para>
/// </summary>
public sealed class MonotoneCubic
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _slope;

    /// <summary>Draws the curve.</summary>
    /// <param name="x">The abscissas, strictly increasing, at least two.</param>
    /// <param name="y">The ordinates.</param>
    /// <exception cref="ArgumentException">There are fewer than two points, the lengths differ, or the abscissas do not increase.</exception>
    public MonotoneCubic(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count < 2 || x.Count != y.Count) throw new ArgumentException("A curve needs at least two points, with as many ordinates as abscissas.");
        for (int i = 1; i < x.Count; i++)
        {
            if (!(x[i] > x[i - 1])) throw new ArgumentException("The abscissas must increase.", nameof(x));
        }
        (_x, _y) = ([.. x], [.. y]);
        _slope = Slopes(_x, _y);
    }

    /// <summary>The value and the slope at <paramref name="x"/>; beyond the ends the curve goes on as a straight line.</summary>
    public (double Value, double Slope) At(double x)
    {
        int last = _x.Length - 1;
        if (x <= _x[0]) return (_y[0] + _slope[0] * (x - _x[0]), _slope[0]);
        if (x >= _x[last]) return (_y[last] + _slope[last] * (x - _x[last]), _slope[last]);
        int k = Array.BinarySearch(_x, x);
        if (k < 0) k = ~k - 1;
        double h = _x[k + 1] - _x[k], t = (x - _x[k]) / h, secant = (_y[k + 1] - _y[k]) / h;
        double c = 3 * secant - 2 * _slope[k] - _slope[k + 1], d = _slope[k] + _slope[k + 1] - 2 * secant;
        return (_y[k] + t * h * (_slope[k] + t * (c + t * d)), _slope[k] + t * (2 * c + 3 * t * d));
    }

    private static double[] Slopes(double[] x, double[] y)
    {
        int n = x.Length;
        var slope = new double[n];
        double Secant(int i) => (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
        if (n == 2) return [Secant(0), Secant(0)];
        for (int i = 1; i < n - 1; i++)
        {
            double before = x[i] - x[i - 1], after = x[i + 1] - x[i], first = Secant(i - 1), second = Secant(i);
            if (first * second <= 0) continue;
            double share = (1 + after / (before + after)) / 3;
            slope[i] = first * second / (share * second + (1 - share) * first);
        }
        slope[0] = End(x[1] - x[0], x[2] - x[1], Secant(0), Secant(1));
        slope[n - 1] = End(x[n - 1] - x[n - 2], x[n - 2] - x[n - 3], Secant(n - 2), Secant(n - 3));
        return slope;
    }

    private static double End(double near, double far, double first, double second)
    {
        double slope = ((2 * near + far) * first - near * second) / (near + far);
        if (slope * first <= 0) return 0;
        return first * second <= 0 && Math.Abs(slope) > 3 * Math.Abs(first) ? 3 * first : slope;
    }
}
