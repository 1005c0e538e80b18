namespace Terrace.Stan.Runtime.Densities;

/// <summary>poisson_log of arrays at once.</summary>
internal static class PoissonLogVector
{
    private const string Function = "poisson_log_lpmf";

    /// <summary>Σ log P(yᵢ | ηᵢ); either may be one for all. The factorials are a summand of y.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block eta)
    {
        int n = VectorDensity.Rows(Function, y.Count, eta.Count);
        ReadOnlySpan<int> counts = w.Ints(y);
        DiscreteDomain.Range(Function, counts, 0, int.MaxValue);
        var partials = new DensityPartials(w);
        if ((terms & 3) == 0) return partials.Close(0);
        var rows = new PoissonLogRows(counts);
        double sum = VectorDensity.Sum(w, rows, n, eta, false, ref partials);
        if (double.IsNaN(sum)) VectorDensity.CheckNumbers(Function, "log rate", w.Values(eta));
        return partials.Close((terms & 1) != 0 ? sum - LogFactorial.Sum(counts, n) : sum);
    }
}
