namespace Terrace.Stan.Runtime.Densities;

/// <summary>normal_id_glm: linear regression, outcomes with means α + X β and scale σ. Arguments: y, x, alpha, beta, sigma.</summary>
internal static class NormalIdentityGlm
{
    private const string Function = "normal_id_glm_lpdf";
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>Σ −((y − η)/σ)²/2 (of all) − log σ (of σ) − log(2π)/2 (of nothing, so kept only when nothing may be dropped).</summary>
    public static Block Log(Workspace w, int terms, Block y, Block x, Block alpha, Block beta, Block sigma)
    {
        int n = GlmDensity.Rows(Function, y.Count, x, alpha);
        if (sigma.Count != 1 && sigma.Count != n) Workspace.Fail($"{Function}: the scale has {sigma.Count} elements, but there are {n} outcomes");
        ReadOnlySpan<double> outcomes = w.Values(y), scales = w.Values(sigma);
        foreach (double one in scales) DiscreteDomain.Positive(Function, "scale", one);
        var partials = new DensityPartials(w);
        if ((terms & 31) == 0) return partials.Close(0);
        Span<double> dY = partials.Of(y), dSigma = partials.Of(sigma);
        var rows = new NormalIdentityRows(outcomes, scales, dY, dSigma);
        double sum = GlmDensity.Sum(w, Function, rows, n, x, alpha, beta, !dY.IsEmpty || !dSigma.IsEmpty, ref partials);
        if (!double.IsFinite(sum)) DiscreteDomain.Finite(Function, "outcome", outcomes);
        if ((terms & 16) != 0) sum -= SumOfLogs(n, scales);
        return partials.Close(terms == -1 ? sum - (n * HalfLogTwoPi) : sum);
    }

    private static double SumOfLogs(int n, ReadOnlySpan<double> scales)
    {
        if (scales.Length == 1) return n * Math.Log(scales[0]);
        double sum = 0;
        foreach (double scale in scales) sum += Math.Log(scale);
        return sum;
    }
}
