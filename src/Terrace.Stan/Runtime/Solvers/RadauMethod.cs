using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Solvers;

/// <summary>
/// Radau IIA of order 5 with three stages, for stiff systems (Hairer &amp; Wanner 1996, "Solving Ordinary Differential Equations II", §IV.8: simplified Newton iterations on the stages, the error estimate of
/// eq. 8.20). It stands for Stan's backward differentiation and Adams methods too. The sensitivities are the exact derivatives of the accepted steps: the stage equations differentiated, with the Jacobians at the
/// stages (internal differentiation, Bock 1981).
/// </summary>
internal sealed class RadauMethod
{
    private static readonly double Root6 = Math.Sqrt(6);
    private static readonly double[] C = [(4 - Root6) / 10, (4 + Root6) / 10, 1];

    private static readonly double[][] A =
    [
        [(88 - (7 * Root6)) / 360, (296 - (169 * Root6)) / 1800, (-2 + (3 * Root6)) / 225],
        [(296 + (169 * Root6)) / 1800, (88 + (7 * Root6)) / 360, (-2 - (3 * Root6)) / 225],
        [(16 - Root6) / 36, (16 + Root6) / 36, 1.0 / 9],
    ];

    private static readonly double[] Estimate = [-(13 + (7 * Root6)) / 3, (-13 + (7 * Root6)) / 3, -1.0 / 3];
    private static readonly double RealEigenvalue = 30 / (6 + Math.Cbrt(81) - Math.Cbrt(9));

    private readonly string _name;
    private readonly OdeTolerance _tolerance;
    private double _step;

    private RadauMethod(string name, OdeTolerance tolerance)
    {
        _name = name;
        _tolerance = tolerance.Checked(name);
    }

    /// <summary>ode_bdf and ode_adams with the default tolerances.</summary>
    public static Block OdeBdf(Workspace w, StanCallable f, Block y0, Block t0, Block ts, Operand[] arguments) => Run(w, "ode_bdf", f, y0, t0, ts, new OdeTolerance(1e-10, 1e-10, 100_000_000), arguments, false);

    /// <summary>ode_bdf_tol and ode_adams_tol.</summary>
    public static Block OdeBdfTol(Workspace w, StanCallable f, Block y0, Block t0, Block ts, double relative, double absolute, int maximumSteps, Operand[] arguments) =>
        Run(w, "ode_bdf_tol", f, y0, t0, ts, new OdeTolerance(relative, absolute, maximumSteps), arguments, false);

    /// <summary>integrate_ode_bdf and integrate_ode_adams, with states and parameters as arrays.</summary>
    public static Block IntegrateOdeBdf(Workspace w, StanCallable f, Block y0, Block t0, Block ts, Block theta, Block xr, IntBlock xi, double relative = 1e-10, double absolute = 1e-10, int maximumSteps = 100_000_000) =>
        Run(w, "integrate_ode_bdf", f, y0, t0, ts, new OdeTolerance(relative, absolute, maximumSteps), ExplicitRungeKutta.OldArguments(theta, xr, xi), true);

    private static Block Run(Workspace w, string name, StanCallable f, Block y0, Block t0, Block ts, OdeTolerance tolerance, Operand[] arguments, bool arrays)
    {
        var problem = new OdeProblem(w, name, f, y0, t0, ts, arguments, arrays);
        return problem.Solve(new RadauMethod(name, tolerance).Advance);
    }

    private void Advance(OdeProblem problem, double end)
    {
        int n = problem.States;
        double[] f0 = new double[n], jacobian = new double[n * n], z = new double[3 * n], unused = new double[n * problem.System.Slots.Count];
        int steps = 0;
        while (problem.Time < end)
        {
            if (++steps > _tolerance.MaximumSteps) Workspace.Reject($"{_name}: more than {_tolerance.MaximumSteps} steps between two output times");
            problem.System.Evaluate(problem.Time, problem.Y, f0, jacobian, unused);
            if (_step == 0) _step = Math.Min(end - problem.Time, _tolerance.FirstStep(problem.Y, f0));
            double left = end - problem.Time, h = Math.Min(_step, left);
            if (left - h < 1e-12 * Math.Abs(end)) h = left;
            if (problem.Time + h == problem.Time) Workspace.Reject($"{_name}: the step has become too small at time {problem.Time}");
            Array.Clear(z);
            if (!Newton(problem, h, jacobian, z))
            {
                _step = h / 4;
                continue;
            }
            double error = Error(problem, h, f0, jacobian, z), factor = error == 0 ? 5 : Math.Clamp(0.9 * Math.Pow(error, -0.25), 0.2, 5);
            if (!(error <= 1))
            {
                _step = h * (double.IsNaN(factor) ? 0.2 : factor);
                continue;
            }
            if (problem.Columns > 0) Differentiate(problem, h, z);
            for (int i = 0; i < n; i++) problem.Y[i] += z[(2 * n) + i];
            problem.Time = h == left ? end : problem.Time + h;
            if (h == _step || factor < 1) _step = h * factor;
        }
    }

    /// <summary>Solves the stage equations z = h·A·f(y + z); false when the iterations do not settle.</summary>
    private bool Newton(OdeProblem problem, double h, double[] jacobian, double[] z)
    {
        int n = problem.States, size = 3 * n;
        double[] matrix = StageMatrix(n, h, _ => jacobian), f = new double[size], stage = new double[n], delta = new double[size];
        Span<int> pivots = new int[size];
        LuFactor.Factor(matrix, 0, size, pivots);
        double before = double.PositiveInfinity;
        for (int iteration = 0; iteration < 10; iteration++)
        {
            for (int s = 0; s < 3; s++)
            {
                for (int i = 0; i < n; i++) stage[i] = problem.Y[i] + z[(s * n) + i];
                problem.System.Evaluate(problem.Time + (C[s] * h), stage, f.AsSpan(s * n, n));
            }
            for (int s = 0; s < 3; s++)
                for (int i = 0; i < n; i++) delta[(s * n) + i] = (h * ((A[s][0] * f[i]) + (A[s][1] * f[n + i]) + (A[s][2] * f[(2 * n) + i]))) - z[(s * n) + i];
            LuFactor.Solve(matrix, 0, size, pivots, delta, false);
            double norm = 0;
            for (int k = 0; k < size; k++)
            {
                z[k] += delta[k];
                norm = Math.Max(norm, Math.Abs(delta[k]) / _tolerance.Scale(problem.Y[k % n]));
            }
            if (!double.IsFinite(norm)) return false;
            if (norm < 1e-3) return true;
            if (norm > 2 * before) return false;
            before = norm;
        }
        return false;
    }

    private double Error(OdeProblem problem, double h, double[] f0, double[] jacobian, double[] z)
    {
        int n = problem.States;
        double[] matrix = new double[n * n], error = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++) matrix[(j * n) + i] = (i == j ? RealEigenvalue / h : 0) - jacobian[(i * n) + j];
            error[i] = f0[i] + (((Estimate[0] * z[i]) + (Estimate[1] * z[n + i]) + (Estimate[2] * z[(2 * n) + i])) / h);
        }
        Span<int> pivots = new int[n];
        LuFactor.Factor(matrix, 0, n, pivots);
        LuFactor.Solve(matrix, 0, n, pivots, error, false);
        double worst = 0;
        for (int i = 0; i < n; i++) worst = Math.Max(worst, Math.Abs(error[i]) / _tolerance.Scale(Math.Max(Math.Abs(problem.Y[i]), Math.Abs(problem.Y[i] + z[(2 * n) + i]))));
        return worst;
    }

    /// <summary>I − h·A⊗J, column-major, with a Jacobian for each stage.</summary>
    private static double[] StageMatrix(int n, double h, Func<int, double[]> jacobian)
    {
        int size = 3 * n;
        var matrix = new double[size * size];
        for (int s = 0; s < 3; s++)
            for (int t = 0; t < 3; t++)
                for (int i = 0; i < n; i++)
                    for (int j = 0; j < n; j++) matrix[(((t * n) + j) * size) + (s * n) + i] = (s == t && i == j ? 1 : 0) - (h * A[s][t] * jacobian(t)[(i * n) + j]);
        return matrix;
    }

    /// <summary>S + dz₃ with (I − h·A⊗J)·dz = h·A·(J·S + ∂f/∂θ).</summary>
    private static void Differentiate(OdeProblem problem, double h, double[] z)
    {
        int n = problem.States, size = 3 * n, columns = problem.Columns, p = problem.System.Slots.Count;
        double[][] jacobians = [.. Enumerable.Range(0, 3).Select(_ => new double[n * n])], byArgument = [.. Enumerable.Range(0, 3).Select(_ => new double[n * p])];
        double[] stage = new double[n], f = new double[n], right = new double[size], direct = new double[size];
        for (int s = 0; s < 3; s++)
        {
            for (int i = 0; i < n; i++) stage[i] = problem.Y[i] + z[(s * n) + i];
            problem.System.Evaluate(problem.Time + (C[s] * h), stage, f, jacobians[s], byArgument[s]);
        }
        double[] matrix = StageMatrix(n, h, s => jacobians[s]);
        Span<int> pivots = new int[size];
        LuFactor.Factor(matrix, 0, size, pivots);
        for (int c = 0; c < columns; c++)
        {
            for (int s = 0; s < 3; s++)
            {
                for (int i = 0; i < n; i++)
                {
                    double sum = c >= problem.ArgumentColumn ? byArgument[s][(i * p) + c - problem.ArgumentColumn] : 0;
                    for (int j = 0; j < n; j++) sum += jacobians[s][(i * n) + j] * problem.S[(j * columns) + c];
                    direct[(s * n) + i] = sum;
                }
            }
            for (int s = 0; s < 3; s++)
                for (int i = 0; i < n; i++) right[(s * n) + i] = h * ((A[s][0] * direct[i]) + (A[s][1] * direct[n + i]) + (A[s][2] * direct[(2 * n) + i]));
            LuFactor.Solve(matrix, 0, size, pivots, right, false);
            for (int i = 0; i < n; i++) problem.S[(i * columns) + c] += right[(2 * n) + i];
        }
    }
}
