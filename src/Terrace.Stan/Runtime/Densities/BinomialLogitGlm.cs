namespace Terrace.Stan.Runtime.Densities;

/// <summary>binomial_logit_glm: counts of successes with log odds α + X β. Arguments: n, N, x, alpha, beta.</summary>
internal static class BinomialLogitGlm
{
    private const string Function = "binomial_logit_glm_lpmf";

    /// <summary>The log mass of one count for all rows.</summary>
    public static Block Log(Workspace w, int terms, int successes, int trials, Block x, Block alpha, Block beta) =>
        Log(w, terms, IntColumn.Single(w, successes), IntColumn.Single(w, trials), x, alpha, beta);

    /// <summary>The sum of the log masses; the coefficients C(N, n) are a summand of counts.</summary>
    public static Block Log(Workspace w, int terms, IntBlock successes, IntBlock trials, Block x, Block alpha, Block beta)
    {
        if (successes.Count != trials.Count && successes.Count != 1 && trials.Count != 1)
            Workspace.Fail($"{Function}: there are {successes.Count} outcomes, but {trials.Count} numbers of trials");
        int n = GlmDensity.Rows(Function, successes.Count != 1 ? successes.Count : trials.Count, x, alpha);
        ReadOnlySpan<int> s = w.Ints(successes), t = w.Ints(trials);
        BinomialLogitRows.Check(Function, s, t);
        var partials = new DensityPartials(w);
        if ((terms & 31) == 0) return partials.Close(0);
        var rows = new BinomialLogitRows(s, t);
        double sum = GlmDensity.Sum(w, Function, rows, n, x, alpha, beta, false, ref partials);
        return partials.Close((terms & 3) != 0 ? sum + BinomialLogitRows.LogCoefficients(n, s, t) : sum);
    }
}
