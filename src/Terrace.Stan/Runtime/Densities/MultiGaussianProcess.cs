namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// Independent Gaussian processes with one kernel: row i of y is normal with mean 0 and covariance Σ/wᵢ. log p = −½ KN log 2π − ½ K log |Σ| + ½ N Σ log wᵢ − ½ Σ wᵢ yᵢᵀ Σ⁻¹ yᵢ for K rows and N columns.
/// Source: Stan functions reference, "Multivariate Gaussian process distribution". Derivatives: <see cref="WhitenedRows"/>.
/// </summary>
internal static class MultiGaussianProcess
{
    private const double LogTwoPi = 1.8378770664093453;

    /// <summary>By the kernel matrix.</summary>
    public static Block Log(Workspace w, int terms, Block y, Block sigma, Block scales) => Density(w, terms, "multi_gp_lpdf", y, sigma, scales, false);

    /// <summary>By its Cholesky factor.</summary>
    public static Block LogCholesky(Workspace w, int terms, Block y, Block l, Block scales) => Density(w, terms, "multi_gp_cholesky_lpdf", y, l, scales, true);

    private static Block Density(Workspace w, int terms, string name, Block y, Block kernel, Block scales, bool byFactor)
    {
        int k = y.Rows, n = y.Cols;
        if (kernel.Rows != n) Workspace.Fail($"{name}: the kernel has {kernel.Rows} rows, but the outcome has {n} columns");
        if (scales.Count != k) Workspace.Fail($"{name}: {scales.Count} inverse scales for {k} rows of outcomes");
        foreach (double scale in w.Values(scales)) ContinuousDomain.Positive(name, "inverse scale", scale);
        if (terms == 0 || k == 0) return w.AllocateScalar(0, false);
        var rows = WhitenedRows.Factored(w, name, kernel, byFactor, k);
        for (int i = 0; i < k; i++)
        {
            Span<double> row = rows.Residuals(i);
            for (int j = 0; j < n; j++) row[j] = w.V[y.Offset + (j * k) + i];
        }
        rows.Solve();
        var partials = new DensityPartials(w);
        Span<double> dy = partials.Of(y), dKernel = partials.Of(kernel), dScales = partials.Of(scales);
        double value = 0, logScales = 0;
        for (int i = 0; i < k; i++)
        {
            double weight = w.V[scales.Offset + i], square = rows.Square(i);
            value -= 0.5 * weight * square;
            logScales += Math.Log(weight);
            if (!dScales.IsEmpty) dScales[i] = 0.5 * ((n / weight) - square);
            if (dy.IsEmpty) continue;
            ReadOnlySpan<double> alpha = rows.Weighed(i);
            for (int j = 0; j < n; j++) dy[(j * k) + i] = -weight * alpha[j];
        }
        rows.AddScaleSlopes(dKernel, w.Values(scales), k);
        if ((terms & 2) != 0) value -= k * rows.LogDiagonal;
        if ((terms & 4) != 0) value += 0.5 * n * logScales;
        if (terms == -1) value -= 0.5 * k * n * LogTwoPi;
        return partials.Close(value);
    }
}
