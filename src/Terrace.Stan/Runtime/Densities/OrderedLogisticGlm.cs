namespace Terrace.Stan.Runtime.Densities;

/// <summary>ordered_logistic_glm: ordinal regression, outcomes 1 … K with linear predictors X β and cutpoints. Arguments: y, x, beta, c.</summary>
internal static class OrderedLogisticGlm
{
    private const string Function = "ordered_logistic_glm_lpmf";

    /// <summary>The log mass of one outcome for all rows.</summary>
    public static Block Log(Workspace w, int terms, int y, Block x, Block beta, Block cutpoints) => Log(w, terms, IntColumn.Single(w, y), x, beta, cutpoints);

    /// <summary>The sum of the log masses.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block x, Block beta, Block cutpoints)
    {
        Block none = w.AllocateScalar(0, false);
        int n = GlmDensity.Rows(Function, y.Count, x, none);
        ReadOnlySpan<int> outcomes = w.Ints(y);
        DiscreteDomain.Range(Function, outcomes, 1, cutpoints.Count + 1);
        var partials = new DensityPartials(w);
        if ((terms & 15) == 0) return partials.Close(0);
        Span<double> dCutpoints = partials.Of(cutpoints);
        var all = new Cutpoints(w, Function, w.Values(cutpoints), dCutpoints);
        var rows = new OrderedLogitRows(outcomes, all);
        double sum = GlmDensity.Sum(w, Function, rows, n, x, none, beta, all.HasSlopes, ref partials) + rows.Gaps(n);
        all.AddSlopes();
        return partials.Close(sum);
    }
}
