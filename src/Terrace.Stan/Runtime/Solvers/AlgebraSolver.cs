using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Solvers;

/// <summary>
/// Solves g(y, θ) = 0 for as many equations as unknowns, by Powell's hybrid method: Newton's step where it stays within a region of trust and else the dogleg towards the steepest descent of ½‖g‖² (Powell 1970, "A hybrid
/// method for nonlinear equations"; Nocedal &amp; Wright 2006, §11.2), with exact Jacobians. The solution's derivatives follow from the implicit function theorem, ∂y/∂θ = −(∂g/∂y)⁻¹ ∂g/∂θ. It stands for Stan's Newton method too.
/// </summary>
internal static class AlgebraSolver
{
    /// <summary>solve_powell and solve_newton.</summary>
    public static Block Solve(Workspace w, StanCallable f, Block guess, Operand[] arguments) => Run(w, "the algebra solver", f, guess, arguments, 1e-6, 200);

    /// <summary>solve_powell_tol and solve_newton_tol. The second number (relative tolerance, or scaling of steps) is checked but not needed, as the steps are limited by trust.</summary>
    public static Block SolveTol(Workspace w, StanCallable f, Block guess, double relative, double tolerance, int maximumSteps, Operand[] arguments)
    {
        if (!(relative >= 0)) Workspace.Reject($"the algebra solver: the relative tolerance is {relative}, but must not be negative");
        return Run(w, "the algebra solver", f, guess, arguments, tolerance, maximumSteps);
    }

    /// <summary>algebra_solver and algebra_solver_newton.</summary>
    public static Block Old(Workspace w, StanCallable f, Block guess, Block theta, Block xr, IntBlock xi, double relative = 1e-10, double tolerance = 1e-6, int maximumSteps = 1000)
    {
        if (!(relative >= 0)) Workspace.Reject($"algebra_solver: the relative tolerance is {relative}, but must not be negative");
        return Run(w, "algebra_solver", f, guess, [FunctionAdapter.OfReals(theta, []), FunctionAdapter.OfReals(xr, [xr.Count]), FunctionAdapter.OfInts(xi, [xi.Count])], tolerance, maximumSteps);
    }

    private static Block Run(Workspace w, string name, StanCallable f, Block guess, Operand[] arguments, double tolerance, int maximumSteps)
    {
        int n = guess.Count;
        if (n == 0) Workspace.Fail($"{name}: there are no unknowns");
        if (!(tolerance > 0)) Workspace.Reject($"{name}: the tolerance is {tolerance}, but must be positive");
        if (maximumSteps <= 0) Workspace.Reject($"{name}: the maximum number of steps is {maximumSteps}, but must be positive");
        foreach (double start in w.Values(guess)) if (!double.IsFinite(start)) Workspace.Reject($"{name}: the guess has the value {start}, but must be finite");
        var system = new NestedFunction(w, f, 0, n, n, arguments, false);
        double[] y = w.Values(guess).ToArray(), g = new double[n], jacobian = new double[n * n], byArgument = new double[n * system.Slots.Count];
        system.Evaluate([], y, g, jacobian, byArgument);
        double radius = 100 * Math.Max(1, Norm(y));
        int steps = 0;
        // Past the tolerance the iteration goes on while it gains, so that the derivatives belong to the root.
        for (; steps < maximumSteps; steps++)
        {
            if (!(Largest(g) > 1e-14 * (1 + Norm(y)))) break;
            double[] step = Dogleg(n, g, jacobian, radius);
            double[] trial = new double[n], next = new double[n];
            for (int i = 0; i < n; i++) trial[i] = y[i] + step[i];
            system.Evaluate([], trial, next, [], []);
            double old = Norm(g), now = Norm(next), length = Norm(step);
            bool better = now < old;
            double[] predicted = Model(n, g, jacobian, step);
            double ratio = ((old * old) - (now * now)) / ((old * old) - Math.Pow(Norm(predicted), 2));
            radius = !better || !(ratio >= 0.25) ? 0.25 * Math.Min(radius, length) : ratio > 0.75 ? Math.Max(radius, 2 * length) : radius;
            if (better)
            {
                y = trial;
                system.Evaluate([], y, g, jacobian, byArgument);
            }
            if (radius < 1e-16 * (1 + Norm(y)) || (better && length < 1e-15 * (1 + Norm(y)))) break;
        }
        if (!(Largest(g) <= tolerance)) Workspace.Reject($"{name}: no solution within {tolerance} after {steps} steps; the largest residual is {Largest(g)}");
        return Record(w, name, system, y, jacobian, byArgument);
    }

    /// <summary>The step: Newton's, the steepest descent to its minimum, or a point between them on the circle of trust.</summary>
    private static double[] Dogleg(int n, double[] g, double[] jacobian, double radius)
    {
        double[] newton = Newton(n, jacobian, g), descent = new double[n];
        if (newton.Length > 0 && Norm(newton) <= radius) return newton;
        for (int j = 0; j < n; j++) for (int i = 0; i < n; i++) descent[j] -= jacobian[(i * n) + j] * g[i];
        double slope = Norm(descent);
        double[] along = new double[n];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) along[i] += jacobian[(i * n) + j] * descent[j];
        double curvature = Norm(along), t = curvature > 0 ? slope * slope / (curvature * curvature) : 1;
        if (t * slope >= radius || newton.Length == 0) t = Math.Min(t, radius / Math.Max(slope, double.Epsilon));
        for (int j = 0; j < n; j++) descent[j] *= t;
        if (newton.Length == 0 || Norm(descent) >= radius * (1 - 1e-12)) return descent;
        double[] between = new double[n];
        for (int j = 0; j < n; j++) between[j] = newton[j] - descent[j];
        double a = Math.Pow(Norm(between), 2), b = 0, c = Math.Pow(Norm(descent), 2) - (radius * radius);
        for (int j = 0; j < n; j++) b += 2 * descent[j] * between[j];
        double share = (-b + Math.Sqrt(Math.Max(0, (b * b) - (4 * a * c)))) / (2 * a);
        for (int j = 0; j < n; j++) descent[j] += share * between[j];
        return descent;
    }

    /// <summary>−J⁻¹ g, empty where J cannot be inverted.</summary>
    private static double[] Newton(int n, double[] jacobian, double[] g)
    {
        double[] factor = Columns(n, jacobian), step = new double[n];
        var pivots = new int[n];
        if (LuFactor.Factor(factor, 0, n, pivots) == 0) return [];
        for (int i = 0; i < n; i++) step[i] = -g[i];
        LuFactor.Solve(factor, 0, n, pivots, step, false);
        return Array.TrueForAll(step, double.IsFinite) ? step : [];
    }

    private static double[] Columns(int n, double[] rows)
    {
        var columns = new double[n * n];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) columns[(j * n) + i] = rows[(i * n) + j];
        return columns;
    }

    private static double[] Model(int n, double[] g, double[] jacobian, double[] step)
    {
        double[] predicted = [.. g];
        for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) predicted[i] += jacobian[(i * n) + j] * step[j];
        return predicted;
    }

    private static Block Record(Workspace w, string name, NestedFunction system, double[] y, double[] jacobian, double[] byArgument)
    {
        int n = y.Length, p = system.Slots.Count;
        bool active = w.Differentiating && p > 0;
        Block result = w.AllocateVector(n, active);
        y.CopyTo(w.Values(result));
        if (!active) return result;
        double[] factor = Columns(n, jacobian), rows = new double[n * p], column = new double[n];
        var pivots = new int[n];
        if (LuFactor.Factor(factor, 0, n, pivots) == 0) Workspace.Reject($"{name}: the Jacobian cannot be inverted at the solution, so it has no derivatives");
        for (int k = 0; k < p; k++)
        {
            for (int i = 0; i < n; i++) column[i] = -byArgument[(i * p) + k];
            LuFactor.Solve(factor, 0, n, pivots, column, false);
            for (int i = 0; i < n; i++) rows[(i * p) + k] = column[i];
        }
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < p; k++) w.Edge(system.Slots[k], rows[(i * p) + k]);
            w.CloseLinear(result.Offset + i, p);
        }
        return result;
    }

    private static double Norm(double[] x)
    {
        double sum = 0;
        foreach (double value in x) sum += value * value;
        return Math.Sqrt(sum);
    }

    private static double Largest(double[] x)
    {
        double largest = 0;
        foreach (double value in x) if (!(Math.Abs(value) <= largest)) largest = Math.Abs(value);
        return largest;
    }
}
