using System.Numerics.Tensors;
using Terrace.Numerics.SpecialFunctions;
using Terrace.Stan.Runtime.LinearAlgebra;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The multivariate Student t distribution with degrees of freedom ν, location μ and scale Σ, or its Cholesky factor L:
/// log p = log Γ((ν + K)/2) − log Γ(ν/2) − ½ K log (νπ) − ½ log |Σ| − ½ (ν + K) log(1 + q/ν), q = (y − μ)ᵀ Σ⁻¹ (y − μ), summed over arrays of outcomes or locations.
/// Source: Stan functions reference, "Multivariate Student-t distribution". Derivatives: <see cref="WhitenedRows"/> with weights (ν + K)/(ν + q).
/// </summary>
internal static class MultiStudentT
{
    private const double LogPi = 1.1447298858494002;

    /// <summary>By the scale matrix.</summary>
    public static Block Log(Workspace w, int terms, Block y, Block nu, Block mu, Block sigma) => Density(w, terms, "multi_student_t_lpdf", y, nu, mu, sigma, false);

    /// <summary>By the Cholesky factor of the scale matrix.</summary>
    public static Block LogCholesky(Workspace w, int terms, Block y, Block nu, Block mu, Block l) => Density(w, terms, "multi_student_t_cholesky_lpdf", y, nu, mu, l, true);

    private static Block Density(Workspace w, int terms, string name, Block y, Block nu, Block mu, Block scale, bool byFactor)
    {
        int k = scale.Rows, n = Math.Max(y.Outer, mu.Outer);
        double df = w.V[nu.Offset];
        ContinuousDomain.Positive(name, "degrees of freedom", df);
        if (y.Outer == 0 || mu.Outer == 0 || terms == 0) return w.AllocateScalar(0, false);
        if (y.Inner != k || mu.Inner != k) Workspace.Fail($"{name}: the outcome has {y.Inner} elements, the location {mu.Inner}, the matrix {k} rows");
        if ((y.Outer != n && y.Outer != 1) || (mu.Outer != n && mu.Outer != 1)) Workspace.Fail($"{name}: {y.Outer} outcomes and {mu.Outer} locations");
        var rows = WhitenedRows.Factored(w, name, scale, byFactor, n);
        for (int i = 0; i < n; i++) TensorPrimitives.Subtract(w.Values(y.Element(y.Outer == 1 ? 0 : i)), w.Values(mu.Element(mu.Outer == 1 ? 0 : i)), rows.Residuals(i));
        rows.Solve();
        var partials = new DensityPartials(w);
        Span<double> dy = partials.Of(y), dNu = partials.Of(nu), dMu = partials.Of(mu), dScale = partials.Of(scale), weights = w.V.AsSpan(w.AllocateSlots(n), n);
        double value = 0, slope = 0;
        for (int i = 0; i < n; i++)
        {
            double square = rows.Square(i), log1p = LogisticFunction.Log1p(square / df), weight = weights[i] = (df + k) / (df + square);
            value -= 0.5 * (df + k) * log1p;
            slope += 0.5 * ((weight * square / df) - log1p);
            AddMultiple(rows.Weighed(i), -weight, dy, y.Outer == 1 ? 0 : i * k);
            AddMultiple(rows.Weighed(i), weight, dMu, mu.Outer == 1 ? 0 : i * k);
        }
        rows.AddScaleSlopes(dScale, weights, n);
        if ((terms & 8) != 0) value -= n * rows.LogDiagonal;
        if ((terms & 2) != 0) value += n * (GammaFunction.LogGamma(0.5 * (df + k)) - GammaFunction.LogGamma(0.5 * df) - (0.5 * k * Math.Log(df)));
        if (terms == -1) value -= 0.5 * n * k * LogPi;
        if (!dNu.IsEmpty) dNu[0] = slope + (0.5 * n * (GammaFunction.Digamma(0.5 * (df + k)) - GammaFunction.Digamma(0.5 * df) - (k / df)));
        return partials.Close(value);
    }

    private static void AddMultiple(ReadOnlySpan<double> x, double factor, Span<double> to, int from)
    {
        if (!to.IsEmpty) TensorPrimitives.MultiplyAdd(x, factor, to.Slice(from, x.Length), to.Slice(from, x.Length));
    }

    /// <summary>A draw by the scale matrix for each location.</summary>
    public static Block Draw(Workspace w, Block nu, Block mu, Block sigma)
    {
        Factorizations.RequireSymmetric(w, "multi_student_t_rng", sigma);
        int factor = w.AllocateSlots(sigma.Count);
        w.Values(sigma).CopyTo(w.V.AsSpan(factor));
        Factorizations.Factor(w, "multi_student_t_rng", factor, sigma.Rows);
        return DrawCholesky(w, nu, mu, new Block(factor, 1, sigma.Rows, sigma.Rows, false));
    }

    /// <summary>A draw μ + L z / √(g/ν) for each location, g a χ² variate with ν degrees of freedom of its own.</summary>
    public static Block DrawCholesky(Workspace w, Block nu, Block mu, Block l)
    {
        double df = w.V[nu.Offset];
        ContinuousDomain.Positive("multi_student_t_rng", "degrees of freedom", df);
        Block result = MultiNormal.DrawCholesky(w, mu, l);
        for (int i = 0; i < mu.Outer; i++)
        {
            double stretch = double.IsPositiveInfinity(df) ? 1 : Math.Sqrt(df / (2 * w.Rng.NextGamma(0.5 * df)));
            Span<double> draw = w.Values(result.Element(i));
            ReadOnlySpan<double> centre = w.Values(mu.Element(i));
            for (int j = 0; j < draw.Length; j++) draw[j] = centre[j] + (stretch * (draw[j] - centre[j]));
        }
        return result;
    }
}
