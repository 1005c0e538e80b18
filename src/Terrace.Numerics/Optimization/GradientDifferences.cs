using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Numerics.Optimization;

/// <summary>
/// The Hessian of a function by central differences of its exact gradient.
/// <para>Formula: column k is (g(x + h e_k) − g(x − h e_k)) / 2h, with an error of order h² and of the gradient's rounding over h.</para>
/// <para>Source: Nocedal and Wright (2006), section 8.1. Tests: GradientDifferencesTests.</para>
/// </summary>
public static class GradientDifferences
{
    /// <summary>The Hessian at <paramref name="point"/>, with steps of 10⁻⁴ times the size of each variable, at least 1; not made symmetric, so that the asymmetry shows its error.</summary>
    public static Matrix Hessian(Objective f, ReadOnlySpan<double> point)
    {
        var steps = new double[point.Length];
        for (int k = 0; k < steps.Length; k++) steps[k] = 1e-4 * Math.Max(1, Math.Abs(point[k]));
        return Hessian(f, point, steps);
    }

    /// <summary>The Hessian at <paramref name="point"/>, with a step for each variable; NaN in the columns where the function is not finite a step away.</summary>
    public static Matrix Hessian(Objective f, ReadOnlySpan<double> point, ReadOnlySpan<double> steps)
    {
        ArgumentNullException.ThrowIfNull(f);
        int n = point.Length;
        var hessian = new Matrix(n, n);
        double[] probe = point.ToArray(), up = new double[n], down = new double[n];
        for (int k = 0; k < n; k++)
        {
            probe[k] = point[k] + steps[k];
            if (!double.IsFinite(f(probe, up))) Array.Fill(up, double.NaN);
            probe[k] = point[k] - steps[k];
            if (!double.IsFinite(f(probe, down))) Array.Fill(down, double.NaN);
            probe[k] = point[k];
            for (int i = 0; i < n; i++) hessian[i, k] = (up[i] - down[i]) / (2 * steps[k]);
        }
        return hessian;
    }

    /// <summary>The same made symmetric, (H + H')/2, which halves the error of rounding.</summary>
    public static Matrix SymmetricHessian(Objective f, ReadOnlySpan<double> point, ReadOnlySpan<double> steps)
    {
        Matrix hessian = Hessian(f, point, steps);
        for (int j = 0; j < hessian.Columns; j++)
        {
            for (int i = 0; i < j; i++) hessian[i, j] = hessian[j, i] = 0.5 * (hessian[i, j] + hessian[j, i]);
        }
        return hessian;
    }
}
