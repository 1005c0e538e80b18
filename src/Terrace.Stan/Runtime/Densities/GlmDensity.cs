using System.Numerics.Tensors;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The log density of a generalised linear model and its gradient, tile by tile: linear predictors η = α + X β, log densities and residuals r = ∂/∂η by SIMD, and Xᵀ r while the rows of X are still in
/// the cache, so that X is read from memory once for value and gradient. The gradient by β is Xᵀ r, by α r (or its sum), by X r βᵀ.
/// </summary>
internal static class GlmDensity
{
    private const int TileElements = 16384, LongestTile = 2048, ShortestTile = 64;

    /// <summary>The number of rows of a model whose outcome, design and intercept may each be one for all rows.</summary>
    public static int Rows(string function, int outcomes, in Block x, in Block alpha)
    {
        int n = outcomes != 1 ? outcomes : x.Rows != 1 ? x.Rows : alpha.Count;
        if (x.Rows != 1 && x.Rows != n) Workspace.Fail($"{function}: the design matrix has {x.Rows} rows, but there are {n} outcomes");
        if (alpha.Count != 1 && alpha.Count != n) Workspace.Fail($"{function}: the intercept has {alpha.Count} elements, but there are {n} outcomes");
        return n;
    }

    /// <summary>The number of rows of a tile.</summary>
    public static int TileLength(int rows, int columns) => Math.Min(rows, Math.Clamp(TileElements / Math.Max(columns, 1) & ~15, ShortestTile, LongestTile));

    /// <summary>The sum over the rows; the derivatives by x, alpha and beta are prepared in <paramref name="partials"/>, those by other arguments are the rows' own.</summary>
    public static double Sum<R>(Workspace w, string function, scoped R rows, int n, in Block x, in Block alpha, in Block beta, bool otherSlopes, ref DensityPartials partials)
        where R : struct, ILinkedRows, allows ref struct
    {
        if (beta.Count != x.Cols) Workspace.Fail($"{function}: there are {beta.Count} coefficients, but the design matrix has {x.Cols} columns");
        Span<double> dx = partials.Of(x), dAlpha = partials.Of(alpha), dBeta = partials.Of(beta);
        bool slopes = otherSlopes || !dx.IsEmpty || !dAlpha.IsEmpty || !dBeta.IsEmpty;
        ReadOnlySpan<double> design = w.Values(x), intercept = w.Values(alpha), coefficients = w.Values(beta);
        bool oneRow = x.Rows == 1;
        double common = oneRow ? TensorPrimitives.Dot(design, coefficients) : 0, sum = 0, residuals = 0;
        int tile = TileLength(n, x.Cols), top = w.Top;
        Span<double> scratch = w.V.AsSpan(w.AllocateSlots(tile * (1 + R.ScratchColumns)), tile * (1 + R.ScratchColumns));
        for (int from = 0; from < n; from += tile)
        {
            int length = Math.Min(tile, n - from);
            Span<double> eta = scratch[..length];
            if (alpha.Count == 1) eta.Fill(intercept[0] + common);
            else TensorPrimitives.Add(intercept.Slice(from, length), common, eta);
            if (!oneRow) DesignProducts.Add(design[from..], n, coefficients, eta);
            sum += rows.Evaluate(from, eta, scratch.Slice(tile, length * R.ScratchColumns), slopes);
            if (!slopes) continue;
            if (dAlpha.Length == 1 || oneRow) residuals += TensorPrimitives.Sum<double>(eta);
            if (dAlpha.Length > 1) eta.CopyTo(dAlpha[from..]);
            if (oneRow) continue;
            if (!dBeta.IsEmpty) DesignProducts.AddTransposed(design[from..], n, eta, dBeta);
            if (dx.IsEmpty) continue;
            for (int j = 0; j < x.Cols; j++) TensorPrimitives.Multiply(eta, coefficients[j], dx.Slice((j * n) + from, length));
        }
        w.Top = top;
        if (dAlpha.Length == 1) dAlpha[0] = residuals;
        if (oneRow && !dBeta.IsEmpty) TensorPrimitives.Multiply(design, residuals, dBeta);
        if (oneRow && !dx.IsEmpty) TensorPrimitives.Multiply(coefficients, residuals, dx);
        if (!double.IsFinite(sum)) CheckFinite(function, design, intercept, coefficients);
        return sum;
    }

    /// <summary>Refuses what makes a sum infinite or not a number; looked for only then.</summary>
    public static void CheckFinite(string function, ReadOnlySpan<double> design, ReadOnlySpan<double> intercept, ReadOnlySpan<double> coefficients)
    {
        DiscreteDomain.Finite(function, "intercept", intercept);
        DiscreteDomain.Finite(function, "coefficient", coefficients);
        DiscreteDomain.Finite(function, "element of the design matrix", design);
    }
}
