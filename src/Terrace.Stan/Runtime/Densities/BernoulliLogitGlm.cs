using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>bernoulli_logit_glm: outcomes 0 or 1 with log odds α + X β. Arguments: y, x, alpha, beta.</summary>
internal static class BernoulliLogitGlm
{
    private const string Function = "bernoulli_logit_glm_lpmf";

    /// <summary>The log mass of one outcome for all rows.</summary>
    public static Block Log(Workspace w, int terms, int y, Block x, Block alpha, Block beta) => Log(w, terms, IntColumn.Single(w, y), x, alpha, beta);

    /// <summary>The sum of the log masses.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block x, Block alpha, Block beta)
    {
        int n = GlmDensity.Rows(Function, y.Count, x, alpha);
        ReadOnlySpan<int> outcomes = w.Ints(y);
        DiscreteDomain.Range(Function, outcomes, 0, 1);
        var partials = new DensityPartials(w);
        if ((terms & 15) == 0) return partials.Close(0);
        var rows = new BernoulliLogitRows(outcomes);
        return partials.Close(GlmDensity.Sum(w, Function, rows, n, x, alpha, beta, false, ref partials));
    }

    /// <summary>An outcome a row.</summary>
    public static IntBlock Draw(Workspace w, Block x, Block alpha, Block beta)
    {
        const string function = "bernoulli_logit_glm_rng";
        int n = GlmDensity.Rows(function, 1, x, alpha);
        if (beta.Count != x.Cols) Workspace.Fail($"{function}: there are {beta.Count} coefficients, but the design matrix has {x.Cols} columns");
        GlmDensity.CheckFinite(function, w.Values(x), w.Values(alpha), w.Values(beta));
        IntBlock result = w.AllocateInts(n);
        for (int i = 0; i < n; i++)
        {
            double eta = w.V[alpha.Offset + (alpha.Count == 1 ? 0 : i)];
            for (int j = 0; j < x.Cols; j++) eta += w.V[x.Offset + (j * x.Rows) + (x.Rows == 1 ? 0 : i)] * w.V[beta.Offset + j];
            w.I[result.Offset + i] = w.Rng.NextDouble() < LogisticFunction.Logistic(eta) ? 1 : 0;
        }
        return result;
    }
}
