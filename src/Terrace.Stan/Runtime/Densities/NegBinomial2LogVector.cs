namespace Terrace.Stan.Runtime.Densities;

/// <summary>neg_binomial_2_log of arrays at once.</summary>
internal static class NegBinomial2LogVector
{
    private const string Function = "neg_binomial_2_log_lpmf";

    /// <summary>Σ log P(yᵢ | ηᵢ, φᵢ); each may be one for all. The factorials are a summand of y, the ratio of gamma functions one of y and φ.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block eta, Block phi)
    {
        int n = VectorDensity.Rows(Function, y.Count, eta.Count, phi.Count);
        ReadOnlySpan<int> counts = w.Ints(y);
        DiscreteDomain.Range(Function, counts, 0, int.MaxValue);
        foreach (double one in w.Values(phi)) DiscreteDomain.Positive(Function, "precision", one);
        var partials = new DensityPartials(w);
        if ((terms & 7) == 0) return partials.Close(0);
        Span<double> dPhi = partials.Of(phi);
        var rows = new NegBinomial2LogRows(counts, w.Values(phi), dPhi);
        double sum = VectorDensity.Sum(w, rows, n, eta, !dPhi.IsEmpty, ref partials);
        if (!double.IsFinite(sum)) DiscreteDomain.Finite(Function, "log location", w.Values(eta));
        if ((terms & 5) != 0) sum += rows.Rising(n);
        return partials.Close((terms & 1) != 0 ? sum - LogFactorial.Sum(counts, n) : sum);
    }
}
