namespace Terrace.Stan.Runtime.Densities;

/// <summary>neg_binomial_2_log_glm: counts with log means α + X β and precision φ. Arguments: y, x, alpha, beta, phi.</summary>
internal static class NegBinomial2LogGlm
{
    private const string Function = "neg_binomial_2_log_glm_lpmf";

    /// <summary>The log mass of one count for all rows.</summary>
    public static Block Log(Workspace w, int terms, int y, Block x, Block alpha, Block beta, Block phi) => Log(w, terms, IntColumn.Single(w, y), x, alpha, beta, phi);

    /// <summary>The sum of the log masses; the factorials are a summand of y, the ratio of gamma functions one of y and φ.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block x, Block alpha, Block beta, Block phi)
    {
        int n = GlmDensity.Rows(Function, y.Count, x, alpha);
        if (phi.Count != 1 && phi.Count != n) Workspace.Fail($"{Function}: the precision has {phi.Count} elements, but there are {n} outcomes");
        ReadOnlySpan<int> counts = w.Ints(y);
        DiscreteDomain.Range(Function, counts, 0, int.MaxValue);
        foreach (double one in w.Values(phi)) DiscreteDomain.Positive(Function, "precision", one);
        var partials = new DensityPartials(w);
        if ((terms & 31) == 0) return partials.Close(0);
        Span<double> dPhi = partials.Of(phi);
        var rows = new NegBinomial2LogRows(counts, w.Values(phi), dPhi);
        double sum = GlmDensity.Sum(w, Function, rows, n, x, alpha, beta, !dPhi.IsEmpty, ref partials);
        if ((terms & 17) != 0) sum += rows.Rising(n);
        return partials.Close((terms & 1) != 0 ? sum - LogFactorial.Sum(counts, n) : sum);
    }
}
