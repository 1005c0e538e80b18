namespace Terrace.Numerics.Optimization;

/// <summary>
/// Minimises a function of few variables between bounds by its values alone: the simplex search, restarted from where it ends until that no longer helps.
/// <para>Formula: the worst of n + 1 points is replaced by c + ρ(c − worst), expanded, contracted, or all points are drawn towards the best; c is the centroid of the others; points outside the bounds are moved onto them.
/// Coefficients that depend on the dimension: ρ = 1, χ = 1 + 2/n, γ = 3/4 − 1/(2n), σ = 1 − 1/n.</para>
/// <para>Source: Nelder and Mead (1965), A simplex method for function minimization; Gao and Han (2012), Implementing the Nelder–Mead simplex algorithm with adaptive parameters, eq. 4.1; Kelley (1999), Iterative methods for optimization, section 8.1.4
/// (restarts). Tests: NelderMeadTests (known minima at and off the bounds, Rosenbrock, agreement with BoundedQuasiNewton).</para>
/// </summary>
public sealed class NelderMead
{
    private const double SmallestSimplex = 1e-7;
    private const int MostRestarts = 4;
    private readonly Func<ReadOnlySpan<double>, double> _f;
    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly int _limit;
    private readonly CancellationToken _cancellation;
    private readonly int _n;
    private readonly double[][] _points;
    private readonly double[] _values;
    private readonly double[] _centroid;
    private int _evaluations;

    private NelderMead(Func<ReadOnlySpan<double>, double> f, double[] lower, double[] upper, int limit, CancellationToken cancellation)
    {
        (_f, _lower, _upper, _limit, _cancellation, _n) = (f, lower, upper, limit, cancellation, lower.Length);
        _points = [.. Enumerable.Range(0, _n + 1).Select(_ => new double[lower.Length])];
        _values = new double[_n + 1];
        _centroid = new double[_n];
    }

    /// <summary>Minimises <paramref name="f"/>, whose NaN counts as +infinity, from <paramref name="start"/> with a first simplex of these <paramref name="steps"/>.</summary>
    /// <param name="f">The function.</param>
    /// <param name="start">Where to begin (moved inside the bounds first); not changed.</param>
    /// <param name="steps">The size of the first simplex in each variable, not 0.</param>
    /// <param name="lower">Lower bounds, -infinity for none.</param>
    /// <param name="upper">Upper bounds, +infinity for none.</param>
    /// <param name="maximumEvaluations">The most evaluations of the function.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The point and its value; the gradient is NaN.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static OptimizationResult Minimize(Func<ReadOnlySpan<double>, double> f, double[] start, double[] steps, double[] lower, double[] upper, int maximumEvaluations,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        if (steps.Length != start.Length || lower.Length != start.Length || upper.Length != start.Length) throw new ArgumentException("Start, steps and bounds differ in length.");
        return new NelderMead(f, lower, upper, maximumEvaluations, cancellation).Run(start, steps);
    }

    private OptimizationResult Run(double[] start, double[] steps)
    {
        Begin(start, steps);
        if (_n == 0) return Result(true, 0, "There is nothing to vary.");
        int iterations = 0;
        bool small = Shrink(ref iterations);
        for (int restart = 1; restart <= MostRestarts && small; restart++)
        {
            double before = _values[0];
            Begin(_points[0], [.. steps.Select((s, i) => (restart % 2 == 0 ? 0.1 : -0.1) * (Math.Abs(s) + 0.1 * Math.Abs(_points[0][i])))]);
            small = Shrink(ref iterations);
            if (small && before - _values[0] <= 1e-10 * (1 + Math.Abs(before))) return Result(true, iterations, "A new simplex at the end finds nothing lower.");
        }
        return Result(false, iterations, _evaluations >= _limit ? "The limit on evaluations was reached." : "New simplexes keep finding lower values.");
    }

    private void Begin(double[] start, double[] steps)
    {
        double[] centre = [.. start];
        for (int k = 0; k <= _n; k++)
        {
            centre.CopyTo(_points[k], 0);
            if (k > 0)
            {
                _points[k][k - 1] += steps[k - 1];
                Clamp(_points[k]);
                // A point that the bound throws back onto the first would flatten the simplex.
                if (_points[k][k - 1] == centre[k - 1]) _points[k][k - 1] -= steps[k - 1];
            }
            _values[k] = Evaluate(_points[k]);
        }
        Sort();
    }

    /// <summary>Moves until the simplex is small; false when evaluations run out.</summary>
    private bool Shrink(ref int iterations)
    {
        double expansion = 1 + 2.0 / _n, contraction = 0.75 - 0.5 / _n, reduction = 1 - 1.0 / Math.Max(_n, 2);
        double[] reflected = new double[_n], other = new double[_n];
        for (; _evaluations < _limit; iterations++)
        {
            if (IsSmall()) return true;
            Centre();
            double value = Try(reflected, 1);
            if (value < _values[0])
            {
                double further = Try(other, expansion);
                Replace(further < value ? other : reflected, Math.Min(further, value));
            }
            else if (value < _values[_n - 1]) Replace(reflected, value);
            else
            {
                bool outside = value < _values[_n];
                double inner = Try(other, outside ? contraction : -contraction);
                if (inner < Math.Min(value, _values[_n])) Replace(other, inner);
                else Reduce(reduction);
            }
            Sort();
        }
        return false;
    }

    private double Try(double[] point, double factor)
    {
        for (int i = 0; i < _n; i++) point[i] = _centroid[i] + factor * (_centroid[i] - _points[_n][i]);
        Clamp(point);
        return Evaluate(point);
    }

    private void Replace(double[] point, double value)
    {
        point.CopyTo(_points[_n], 0);
        _values[_n] = value;
    }

    private void Reduce(double reduction)
    {
        for (int k = 1; k <= _n; k++)
        {
            for (int i = 0; i < _n; i++) _points[k][i] = _points[0][i] + reduction * (_points[k][i] - _points[0][i]);
            _values[k] = Evaluate(_points[k]);
        }
    }

    private void Centre()
    {
        Array.Clear(_centroid);
        for (int k = 0; k < _n; k++)
        {
            for (int i = 0; i < _n; i++) _centroid[i] += _points[k][i] / _n;
        }
    }

    private bool IsSmall()
    {
        for (int k = 1; k <= _n; k++)
        {
            for (int i = 0; i < _n; i++)
            {
                if (Math.Abs(_points[k][i] - _points[0][i]) > SmallestSimplex * (1 + Math.Abs(_points[0][i]))) return false;
            }
        }
        return true;
    }

    private void Clamp(double[] point)
    {
        for (int i = 0; i < _n; i++) point[i] = Math.Clamp(point[i], _lower[i], _upper[i]);
    }

    private double Evaluate(double[] point)
    {
        _cancellation.ThrowIfCancellationRequested();
        _evaluations++;
        double value = _f(point);
        return double.IsNaN(value) ? double.PositiveInfinity : value;
    }

    private void Sort() => Array.Sort(_values, _points);

    private OptimizationResult Result(bool converged, int iterations, string reason) =>
        new([.. _points[0]], _values[0], [.. _points[0].Select(_ => double.NaN)], double.NaN, _evaluations, iterations, converged && double.IsFinite(_values[0]), reason);
}
