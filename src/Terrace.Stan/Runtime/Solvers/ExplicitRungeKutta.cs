namespace Terrace.Stan.Runtime.Solvers;

/// <summary>
/// The explicit Runge–Kutta pair of Dormand &amp; Prince (1980), orders 5(4), on the states and sensitivities together; the step is chosen so that the error estimate of each, relative to
/// abs + rel·|value|, is at most 1 (Hairer, Nørsett &amp; Wanner 1993, §II.4). It steps to each output time exactly.
/// </summary>
internal sealed class ExplicitRungeKutta
{
    private static readonly double[] C = [0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1];

    private static readonly double[][] A =
    [
        [],
        [1.0 / 5],
        [3.0 / 40, 9.0 / 40],
        [44.0 / 45, -56.0 / 15, 32.0 / 9],
        [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
        [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
        [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
    ];

    /// <summary>The weights of order 5 less those of order 4.</summary>
    private static readonly double[] E = [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];

    private readonly OdeTolerance _tolerance;
    private readonly string _name;
    private double[][] _k = [];
    private double[] _stage = [], _jacobian = [], _byArgument = [];
    private double _step;
    private int _steps;

    private ExplicitRungeKutta(string name, OdeTolerance tolerance)
    {
        _name = name;
        _tolerance = tolerance.Checked(name);
    }

    /// <summary>ode_rk45 with the default tolerances.</summary>
    public static Block OdeRk45(Workspace w, StanCallable f, Block y0, Block t0, Block ts, Operand[] arguments) => Run(w, "ode_rk45", f, y0, t0, ts, new OdeTolerance(1e-6, 1e-6, 1_000_000), arguments, false);

    /// <summary>ode_rk45_tol.</summary>
    public static Block OdeRk45Tol(Workspace w, StanCallable f, Block y0, Block t0, Block ts, double relative, double absolute, int maximumSteps, Operand[] arguments) =>
        Run(w, "ode_rk45_tol", f, y0, t0, ts, new OdeTolerance(relative, absolute, maximumSteps), arguments, false);

    /// <summary>integrate_ode_rk45, with states and parameters as arrays.</summary>
    public static Block IntegrateOdeRk45(Workspace w, StanCallable f, Block y0, Block t0, Block ts, Block theta, Block xr, IntBlock xi, double relative = 1e-6, double absolute = 1e-6, int maximumSteps = 1_000_000) =>
        Run(w, "integrate_ode_rk45", f, y0, t0, ts, new OdeTolerance(relative, absolute, maximumSteps), OldArguments(theta, xr, xi), true);

    /// <summary>The arguments of the functions before 2.24.</summary>
    internal static Operand[] OldArguments(Block theta, Block xr, IntBlock xi) => [FunctionAdapter.OfReals(theta, [theta.Count]), FunctionAdapter.OfReals(xr, [xr.Count]), FunctionAdapter.OfInts(xi, [xi.Count])];

    private static Block Run(Workspace w, string name, StanCallable f, Block y0, Block t0, Block ts, OdeTolerance tolerance, Operand[] arguments, bool arrays)
    {
        var problem = new OdeProblem(w, name, f, y0, t0, ts, arguments, arrays);
        return problem.Solve(new ExplicitRungeKutta(name, tolerance).Advance);
    }

    private void Advance(OdeProblem problem, double end)
    {
        int n = problem.States, all = n * (1 + problem.Columns);
        if (_k.Length == 0)
        {
            _k = [.. Enumerable.Range(0, 7).Select(_ => new double[all])];
            _stage = new double[all];
            _jacobian = new double[problem.Columns > 0 ? n * n : 0];
            _byArgument = new double[n * problem.System.Slots.Count];
            Slope(problem, problem.Time, Gather(problem), _k[0]);
            _step = Math.Min(_tolerance.FirstStep(problem.Y, _k[0].AsSpan(0, n)), end - problem.Time);
        }
        _steps = 0;
        double[] start = Gather(problem);
        while (problem.Time < end)
        {
            if (++_steps > _tolerance.MaximumSteps) Workspace.Reject($"{_name}: more than {_tolerance.MaximumSteps} steps between two output times");
            double left = end - problem.Time, h = Math.Min(_step, left);
            if (left - h < 1e-12 * Math.Abs(end)) h = left;
            if (problem.Time + h == problem.Time) Workspace.Reject($"{_name}: the step has become too small at time {problem.Time}; the system may be stiff, for which there is ode_bdf");
            double error = Try(problem, start, h);
            double factor = error == 0 ? 5 : Math.Clamp(0.9 * Math.Pow(error, -0.2), 0.2, 5);
            if (error <= 1)
            {
                problem.Time = h == left ? end : problem.Time + h;
                Array.Copy(_stage, start, all);
                Scatter(problem, start);
                (_k[0], _k[6]) = (_k[6], _k[0]);
                if (h == _step || factor < 1) _step = h * factor;
            }
            else
            {
                _step = h * (double.IsNaN(factor) ? 0.2 : factor);
            }
        }
    }

    /// <summary>The stages of a step; <see cref="_stage"/> holds the new values, and the error is returned. The last stage is the first of the next step.</summary>
    private double Try(OdeProblem problem, double[] start, double h)
    {
        for (int s = 1; s < 7; s++)
        {
            for (int i = 0; i < start.Length; i++)
            {
                double sum = 0;
                for (int j = 0; j < s; j++) sum += A[s][j] * _k[j][i];
                _stage[i] = start[i] + (h * sum);
            }
            Slope(problem, problem.Time + (C[s] * h), _stage, _k[s]);
        }
        double worst = 0;
        for (int i = 0; i < start.Length; i++)
        {
            double error = 0;
            for (int j = 0; j < 7; j++) error += E[j] * _k[j][i];
            double scale = _tolerance.Scale(Math.Max(Math.Abs(start[i]), Math.Abs(_stage[i])));
            worst = Math.Max(worst, Math.Abs(h * error) / scale);
        }
        return worst;
    }

    /// <summary>The slopes of states and sensitivities.</summary>
    private void Slope(OdeProblem problem, double t, double[] values, double[] slope)
    {
        int n = problem.States, columns = problem.Columns, p = problem.System.Slots.Count;
        problem.System.Evaluate(t, values.AsSpan(0, n), slope.AsSpan(0, n), _jacobian, _byArgument);
        for (int i = 0; i < n; i++)
        {
            Span<double> row = slope.AsSpan(n + (i * columns), columns);
            row.Clear();
            for (int j = 0; j < n; j++)
            {
                double partial = _jacobian.Length == 0 ? 0 : _jacobian[(i * n) + j];
                if (partial == 0) continue;
                for (int c = 0; c < columns; c++) row[c] += partial * values[n + (j * columns) + c];
            }
            for (int k = 0; k < p; k++) row[problem.ArgumentColumn + k] += _byArgument[(i * p) + k];
        }
    }

    private static double[] Gather(OdeProblem problem) => [.. problem.Y, .. problem.S];

    private static void Scatter(OdeProblem problem, double[] values)
    {
        Array.Copy(values, problem.Y, problem.States);
        Array.Copy(values, problem.States, problem.S, 0, problem.S.Length);
    }
}
