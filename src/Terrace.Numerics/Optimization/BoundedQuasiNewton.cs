using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Optimization;

/// <summary>
/// Minimises a smooth function of few variables between bounds, by BFGS steps in the variables that no bound holds.
/// <para>Formula: d solves B_FF d_F = -g_F for the free variables F; x(a) = clamp(x + a d); B grows by y y' / y's - B s s'B / s'Bs
/// (s the step, y the change of the gradient).</para>
/// <para>Symbols: B = <c>_hessian</c>, g = <c>_gradient</c>, d = <c>_direction</c>, F = variables not in <c>_held</c>, a = the step length.</para>
/// <para>Source: Bertsekas (1982), Projected Newton methods, section 2 (active set, projected path); Nocedal and Wright (2006), eq. 6.19 (BFGS), 3.6 (Wolfe);
/// Hager and Zhang (2005) for the approximate Wolfe condition that goes on when differences of values drown in rounding.
/// Deviation: the exact Hessian block is kept for all variables and only its free part is factored, so a variable may leave its bound with its curvature known.</para>
/// <para>Tests: BoundedQuasiNewtonTests (known minima at and off the bounds, Rosenbrock, two hundred random bounded quadratics).</para>
/// </summary>
public sealed class BoundedQuasiNewton
{
    private readonly ProjectedLine _line;
    private readonly OptimizationOptions _options;
    private readonly int _n;
    private readonly double[] _point;
    private readonly double[] _gradient;
    private readonly double[] _direction;
    private readonly bool[] _held;
    private readonly Matrix _hessian;
    private double _value;

    private BoundedQuasiNewton(Objective f, double[] start, double[] lower, double[] upper, OptimizationOptions options, CancellationToken cancellation)
    {
        _n = start.Length;
        _options = options;
        _line = new ProjectedLine(f, lower, upper, options.MaximumEvaluations, cancellation);
        _point = _line.Clamp(start);
        _gradient = new double[_n];
        _direction = new double[_n];
        _held = new bool[_n];
        _hessian = new Matrix(_n, _n);
    }

    /// <summary>Minimises <paramref name="f"/> from <paramref name="start"/> (moved inside the bounds first).</summary>
    /// <param name="f">The function and its gradient.</param>
    /// <param name="start">Where to begin; not changed.</param>
    /// <param name="lower">Lower bounds, -infinity for none.</param>
    /// <param name="upper">Upper bounds, +infinity for none.</param>
    /// <param name="options">Tolerances and limits.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, a bound is NaN or the bounds cross.</exception>
    public static OptimizationResult Minimize(
        Objective f, double[] start, double[] lower, double[] upper, OptimizationOptions options, CancellationToken cancellation)
    {
        if (lower.Length != start.Length || upper.Length != start.Length) throw new ArgumentException("The start and the bounds differ in length.");
        for (int i = 0; i < start.Length; i++)
        {
            if (!(lower[i] <= upper[i])) throw new ArgumentException($"The bounds of variable {i} are {lower[i]} and {upper[i]}.");
        }

        return new BoundedQuasiNewton(f, start, lower, upper, options, cancellation).Run();
    }

    private OptimizationResult Run()
    {
        _value = _line.Evaluate(_point, _gradient);
        if (!double.IsFinite(_value)) return Result(0, false, "The function is not finite at the start.");
        if (!UseCurvature()) ResetHessian();
        double lastReduction = double.PositiveInfinity;
        for (int iteration = 0; ; iteration++)
        {
            double slope = FindDirection();
            double scale = 1 + Math.Abs(_value), norm = ProjectedGradientNorm();
            if (norm == 0) return Result(iteration, true, "The projected gradient is zero.");
            bool still = -slope <= 2 * _options.RelativeReduction * scale && norm <= _options.GradientTolerance * scale;
            if (still && (iteration == 0 || lastReduction <= 1e-6 * scale)) return Result(iteration, true, "No step promises a smaller value.");
            if (_line.Evaluations >= _options.MaximumEvaluations) return Result(iteration, false, "The limit on evaluations was reached.");

            double limit = _options.StepLimit?.Invoke(_point, _direction) ?? double.PositiveInfinity;
            if (!_line.Search(_point, _value, _gradient, _direction, slope, limit))
            {
                bool rounding = -slope <= 1e-9 * scale && norm <= 1e-4 * scale;
                if (rounding) return Result(iteration, true, "The value cannot be lowered beyond rounding.");
                if (!_line.Exhausted && ResetHessian()) continue;
                return Result(iteration, false, _line.Exhausted ? "The limit on evaluations was reached." : "No step along a descent direction lowers the value.");
            }

            lastReduction = _value - _line.Value;
            Accept(fresh: lastReduction > _options.CurvatureReduction);
        }
    }

    /// <summary>Sets the quasi-Newton direction and returns the slope along it; variables that it would push through their bound are held too.</summary>
    private double FindDirection()
    {
        for (int i = 0; i < _n; i++) _held[i] = _line.IsHeld(i, _point[i], -_gradient[i]);
        while (true)
        {
            SolveFree();
            bool changed = false;
            for (int i = 0; i < _n; i++)
            {
                if (_held[i] || !_line.IsHeld(i, _point[i], _direction[i])) continue;
                _held[i] = changed = true;
            }

            if (!changed) break;
        }

        double slope = 0;
        for (int i = 0; i < _n; i++) slope += _direction[i] * _gradient[i];
        return slope;
    }

    private void SolveFree()
    {
        int[] free = [.. Enumerable.Range(0, _n).Where(i => !_held[i])];
        Array.Clear(_direction);
        var block = new Matrix(free.Length, free.Length);
        var step = new double[free.Length];
        for (int j = 0; j < free.Length; j++)
        {
            step[j] = -_gradient[free[j]];
            for (int i = j; i < free.Length; i++) block[i, j] = _hessian[free[i], free[j]];
        }

        if (Cholesky.TryFactor(block))
        {
            Cholesky.SolveLower(block, step);
            Cholesky.SolveLowerTransposed(block, step);
        }

        for (int j = 0; j < free.Length; j++) _direction[free[j]] = step[j];
    }

    private void Accept(bool fresh)
    {
        var s = new double[_n];
        var y = new double[_n];
        for (int i = 0; i < _n; i++)
        {
            s[i] = _line.Point[i] - _point[i];
            y[i] = _line.Gradient[i] - _gradient[i];
            _point[i] = _line.Point[i];
            _gradient[i] = _line.Gradient[i];
        }

        _value = _line.Value;
        if (!fresh || !UseCurvature()) Update(s, y);
    }

    /// <summary>The BFGS update, left out when the curvature along the step is not clearly positive.</summary>
    private void Update(double[] s, double[] y)
    {
        var bs = new double[_n];
        double ys = 0, sbs = 0, ss = 0, yy = 0;
        for (int i = 0; i < _n; i++)
        {
            for (int j = 0; j < _n; j++) bs[i] += _hessian[i, j] * s[j];
            ys += y[i] * s[i];
            sbs += s[i] * bs[i];
            ss += s[i] * s[i];
            yy += y[i] * y[i];
        }

        if (!(ys > 1e-10 * Math.Sqrt(ss * yy)) || !(sbs > 0)) return;
        for (int j = 0; j < _n; j++)
        {
            for (int i = 0; i < _n; i++) _hessian[i, j] += y[i] * y[j] / ys - bs[i] * bs[j] / sbs;
        }
    }

    /// <summary>Takes the Hessian that the caller gives for the point; false if there is none that is positive definite.</summary>
    private bool UseCurvature()
    {
        if (_options.Curvature?.Invoke(_point) is not { } given || !Cholesky.TryFactor(given.Copy())) return false;
        given.Values.CopyTo(_hessian.Values, 0);
        return true;
    }

    /// <summary>Sets the Hessian to the assumed one; false if it was that already.</summary>
    private bool ResetHessian()
    {
        double largest = 1;
        foreach (double g in _gradient) largest = Math.Max(largest, Math.Abs(g));
        bool changed = false;
        for (int j = 0; j < _n; j++)
        {
            for (int i = 0; i < _n; i++)
            {
                double given = _options.InitialHessianDiagonal is { } diagonal && diagonal[i] > 0 ? diagonal[i] : largest;
                double wanted = _options.InitialHessian is { } whole ? whole[i, j] : i == j ? given : 0;
                changed |= _hessian[i, j] != wanted;
                _hessian[i, j] = wanted;
            }
        }

        return changed;
    }

    private double ProjectedGradientNorm()
    {
        double largest = 0;
        for (int i = 0; i < _n; i++)
        {
            if (!_line.IsHeld(i, _point[i], -_gradient[i])) largest = Math.Max(largest, Math.Abs(_gradient[i]));
        }

        return largest;
    }

    private OptimizationResult Result(int iterations, bool converged, string reason) =>
        new(_point, _value, _gradient, ProjectedGradientNorm(), _line.Evaluations, iterations, converged, reason) { Hessian = _hessian };
}
