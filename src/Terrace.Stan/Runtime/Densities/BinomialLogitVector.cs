namespace Terrace.Stan.Runtime.Densities;

/// <summary>binomial_logit of arrays at once.</summary>
internal static class BinomialLogitVector
{
    private const string Function = "binomial_logit_lpmf";

    /// <summary>Σ log P(sᵢ | Nᵢ, ηᵢ); each may be one for all. The coefficients C(N, s) are a summand of counts.</summary>
    public static Block Log(Workspace w, int terms, IntBlock successes, IntBlock trials, Block eta)
    {
        int n = VectorDensity.Rows(Function, successes.Count, eta.Count, trials.Count);
        ReadOnlySpan<int> s = w.Ints(successes), t = w.Ints(trials);
        BinomialLogitRows.Check(Function, s, t);
        var partials = new DensityPartials(w);
        if ((terms & 7) == 0) return partials.Close(0);
        var rows = new BinomialLogitRows(s, t);
        double sum = VectorDensity.Sum(w, rows, n, eta, false, ref partials);
        if (!double.IsFinite(sum)) DiscreteDomain.Finite(Function, "log odds", w.Values(eta));
        return partials.Close((terms & 3) != 0 ? sum + BinomialLogitRows.LogCoefficients(n, s, t) : sum);
    }
}
