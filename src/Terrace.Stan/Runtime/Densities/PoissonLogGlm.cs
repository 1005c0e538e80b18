namespace Terrace.Stan.Runtime.Densities;

/// <summary>poisson_log_glm: counts with log rates α + X β. Arguments: y, x, alpha, beta.</summary>
internal static class PoissonLogGlm
{
    private const string Function = "poisson_log_glm_lpmf";

    /// <summary>The log mass of one count for all rows.</summary>
    public static Block Log(Workspace w, int terms, int y, Block x, Block alpha, Block beta) => Log(w, terms, IntColumn.Single(w, y), x, alpha, beta);

    /// <summary>The sum of the log masses; the factorials are a summand of y.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block x, Block alpha, Block beta)
    {
        int n = GlmDensity.Rows(Function, y.Count, x, alpha);
        ReadOnlySpan<int> counts = w.Ints(y);
        DiscreteDomain.Range(Function, counts, 0, int.MaxValue);
        var partials = new DensityPartials(w);
        if ((terms & 15) == 0) return partials.Close(0);
        var rows = new PoissonLogRows(counts);
        double sum = GlmDensity.Sum(w, Function, rows, n, x, alpha, beta, false, ref partials);
        return partials.Close((terms & 1) != 0 ? sum - LogFactorial.Sum(counts, n) : sum);
    }
}
