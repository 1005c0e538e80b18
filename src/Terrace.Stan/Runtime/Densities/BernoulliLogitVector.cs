namespace Terrace.Stan.Runtime.Densities;

/// <summary>bernoulli_logit of arrays at once.</summary>
internal static class BernoulliLogitVector
{
    private const string Function = "bernoulli_logit_lpmf";

    /// <summary>Σ log P(yᵢ | ηᵢ); either may be one for all.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block eta)
    {
        int n = VectorDensity.Rows(Function, y.Count, eta.Count);
        ReadOnlySpan<int> outcomes = w.Ints(y);
        DiscreteDomain.Range(Function, outcomes, 0, 1);
        var partials = new DensityPartials(w);
        if ((terms & 3) == 0) return partials.Close(0);
        var rows = new BernoulliLogitRows(outcomes);
        double sum = VectorDensity.Sum(w, rows, n, eta, false, ref partials);
        if (double.IsNaN(sum)) VectorDensity.CheckNumbers(Function, "log odds", w.Values(eta));
        return partials.Close(sum);
    }
}
