namespace Terrace.Stan.Runtime.Solvers;

/// <summary>
/// ∫ₐᵇ f(x, xc, θ) dx by double exponential quadrature (Takahasi &amp; Mori 1974): x = tanh(½π sinh t) between two ends, exp(½π sinh t) to one infinite end, sinh(½π sinh t) between two; the trapezium rule in t is halved until two
/// levels agree. The integrals of ∂f/∂θ are taken at the same points; by the ends Leibniz' rule gives f(b) and −f(a). A finite or infinite interval around 0 is cut there.
/// </summary>
internal sealed class DoubleExponentialIntegral
{
    private const double HalfPi = Math.PI / 2;
    private readonly NestedFunction _function;
    private readonly double _relative, _absolute;
    private readonly int _levels;
    private readonly double[] _value = new double[1], _slopes;

    private DoubleExponentialIntegral(NestedFunction function, double relative, double absolute, int levels)
    {
        _function = function;
        _relative = relative;
        _absolute = absolute;
        _levels = levels;
        _slopes = new double[function.Slots.Count];
    }

    /// <summary>integrate_1d, with its arguments as arrays.</summary>
    public static Block Old(Workspace w, StanCallable f, Block a, Block b, Block theta, Block xr, IntBlock xi, double relative = 1.4901161193847656e-8) =>
        Run(w, "integrate_1d", f, a, b, [FunctionAdapter.OfReals(theta, [theta.Count]), FunctionAdapter.OfReals(xr, [xr.Count]), FunctionAdapter.OfInts(xi, [xi.Count])], relative, 0, 15);

    /// <summary>integrate_1d_double_exponential.</summary>
    public static Block Integrate(Workspace w, StanCallable f, Block a, Block b, Operand[] arguments) => Run(w, "integrate_1d_double_exponential", f, a, b, arguments, 1.4901161193847656e-8, 0, 15);

    /// <summary>integrate_1d_double_exponential_tol.</summary>
    public static Block IntegrateTol(Workspace w, StanCallable f, Block a, Block b, double relative, double absolute, int refinements, Operand[] arguments) =>
        Run(w, "integrate_1d_double_exponential_tol", f, a, b, arguments, relative, absolute, Math.Clamp(refinements, 1, 20));

    private static Block Run(Workspace w, string name, StanCallable f, Block lower, Block upper, Operand[] arguments, double relative, double absolute, int levels)
    {
        double a = w.V[lower.Offset], b = w.V[upper.Offset];
        if (double.IsNaN(a) || double.IsNaN(b) || a > b) Workspace.Reject($"{name}: the ends are {a} and {b}, but the first must not be above the second");
        if (!(relative >= 0) || !(absolute >= 0)) Workspace.Reject($"{name}: the tolerances are {relative} and {absolute}, but must not be negative");
        var function = new NestedFunction(w, f, 2, 0, 1, arguments, false);
        var integral = new DoubleExponentialIntegral(function, relative, absolute, levels);
        int p = function.Slots.Count;
        double[] sums = new double[1 + p];
        if (a < b)
        {
            if (a < 0 && b > 0)
            {
                integral.Add(name, a, 0, sums);
                integral.Add(name, 0, b, sums);
            }
            else
            {
                integral.Add(name, a, b, sums);
            }
        }
        bool byLower = w.Differentiating && lower.Active && double.IsFinite(a), byUpper = w.Differentiating && upper.Active && double.IsFinite(b);
        if (p == 0 && !byLower && !byUpper) return w.AllocateScalar(sums[0], false);
        Block result = w.AllocateScalar(sums[0], true);
        int edges = 0;
        for (int k = 0; k < p; k++, edges++) w.Edge(function.Slots[k], sums[1 + k]);
        var value = new double[1];
        if (byLower)
        {
            function.Evaluate([a, 0], [], value, [], []);
            w.Edge(lower.Offset, -value[0]);
            edges++;
        }
        if (byUpper)
        {
            function.Evaluate([b, 0], [], value, [], []);
            w.Edge(upper.Offset, value[0]);
            edges++;
        }
        w.CloseLinear(result.Offset, edges);
        return result;
    }

    private void Add(string name, double a, double b, double[] total)
    {
        double[] sums = new double[total.Length], sizes = new double[total.Length], before = new double[total.Length];
        double step = 1;
        Points(a, b, step, 0, sums, sizes);
        for (int level = 1; level <= _levels; level++)
        {
            sums.CopyTo(before, 0);
            Points(a, b, step, 0.5, sums, sizes);
            step *= 0.5;
            bool settled = level >= 3;
            for (int k = 0; k < sums.Length && settled; k++)
                settled = Math.Abs((sums[k] * step) - (before[k] * step * 2)) <= Math.Max(_absolute, Math.Max(_relative, 1e-15) * sizes[k] * step);
            if (!settled) continue;
            for (int k = 0; k < sums.Length; k++) total[k] += sums[k] * step;
            return;
        }
        Workspace.Reject($"{name}: the integral from {a} to {b} does not settle within the relative tolerance {_relative}");
    }

    /// <summary>Adds the terms at t = (m + offset) h for all whole m, outwards from 0 until they no longer count.</summary>
    private void Points(double a, double b, double h, double offset, double[] sums, double[] sizes)
    {
        foreach (int direction in (int[])[1, -1])
        {
            int small = 0;
            for (int m = direction > 0 ? 0 : 1; m < 100_000; m++)
            {
                double t = ((direction * m) + offset) * h;
                if (offset != 0 && direction < 0) t = ((-m) + offset) * h;
                if (!Term(a, b, t, sums, sizes, out bool counts)) break;
                small = counts ? 0 : small + 1;
                if (small >= 3 && Math.Abs(t) > 2) break;
            }
        }
    }

    /// <summary>One term; false past the ends of what doubles can hold.</summary>
    private bool Term(double a, double b, double t, double[] sums, double[] sizes, out bool counts)
    {
        counts = false;
        double inner = HalfPi * Math.Sinh(t), weight = HalfPi * Math.Cosh(t), x, complement = double.NaN;
        if (Math.Abs(t) > 6.5) return false;
        if (double.IsFinite(a) && double.IsFinite(b))
        {
            // 1 − |tanh u| = 2 / (1 + e^{2|u|}), kept whole as the distance to the nearer end.
            double near = 2 / (1 + Math.Exp(2 * Math.Abs(inner))), half = 0.5 * (b - a);
            if (near == 0) return false;
            x = inner < 0 ? a + (half * near) : b - (half * near);
            complement = inner < 0 ? -half * near : half * near;
            weight *= half * near * (2 - near);
            if (x <= a || x >= b)
            {
                x = inner < 0 ? Math.Max(x, a) : Math.Min(x, b);
                if (half * near == 0) return false;
            }
        }
        else if (double.IsFinite(a) || double.IsFinite(b))
        {
            double distance = Math.Exp(inner);
            if (distance == 0 || double.IsInfinity(distance)) return false;
            x = double.IsFinite(a) ? a + distance : b - distance;
            weight *= distance;
        }
        else
        {
            x = Math.Sinh(inner);
            weight *= Math.Cosh(inner);
        }
        if (!double.IsFinite(x) || !double.IsFinite(weight)) return false;
        _function.Evaluate([x, complement], [], _value, [], _slopes.Length > 0 ? _slopes : []);
        if (double.IsNaN(_value[0])) Workspace.Reject($"the integrand is not a number at {x}");
        // At an end itself the integrand may be infinite, where its neighbours count only.
        if (double.IsInfinity(_value[0])) return false;
        double term = weight * _value[0];
        counts = Math.Abs(term) > 1e-17 * sizes[0];
        sums[0] += term;
        sizes[0] += Math.Abs(term);
        for (int k = 0; k < _slopes.Length; k++)
        {
            term = weight * _slopes[k];
            if (!double.IsFinite(term)) continue;
            counts |= Math.Abs(term) > 1e-17 * sizes[1 + k];
            sums[1 + k] += term;
            sizes[1 + k] += Math.Abs(term);
        }
        return true;
    }
}
