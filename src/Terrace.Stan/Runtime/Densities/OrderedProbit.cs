namespace Terrace.Stan.Runtime.Densities;

/// <summary>ordered_probit: outcomes 1 … K by a normal latent variable η + ε and cutpoints. Arguments: k, eta, c.</summary>
internal static class OrderedProbit
{
    private const string Function = "ordered_probit_lpmf";

    /// <summary>The log mass of one outcome.</summary>
    public static Block Log(Workspace w, int terms, int y, Block eta, Block cutpoints) => Log(w, terms, IntColumn.Single(w, y), eta, cutpoints);

    /// <summary>The sum of the log masses; cutpoints may be an array of vectors, one an observation.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block eta, Block cutpoints)
    {
        int n = OrderedOutcomes.Rows(Function, y.Count, eta, cutpoints);
        ReadOnlySpan<int> outcomes = w.Ints(y);
        DiscreteDomain.Range(Function, outcomes, 1, cutpoints.Inner + 1);
        DiscreteDomain.Finite(Function, "linear predictor", w.Values(eta));
        var partials = new DensityPartials(w);
        if ((terms & 7) == 0) return partials.Close(0);
        Span<double> dCutpoints = partials.Of(cutpoints);
        double sum = 0;
        if (cutpoints.Outer == 1)
        {
            var rows = new OrderedProbitRows(outcomes, OrderedOutcomes.Bounds(w, Function, w.Values(cutpoints)), dCutpoints);
            return partials.Close(VectorDensity.Sum(w, rows, n, eta, !dCutpoints.IsEmpty, ref partials));
        }
        Span<double> dEta = partials.Of(eta), at = stackalloc double[1];
        for (int i = 0; i < n; i++)
        {
            Block own = cutpoints.Element(i);
            var rows = new OrderedProbitRows(outcomes.Slice(outcomes.Length == 1 ? 0 : i, 1), OrderedOutcomes.Bounds(w, Function, w.Values(own)), dCutpoints.IsEmpty ? [] : dCutpoints.Slice(i * own.Count, own.Count));
            at[0] = w.Values(eta)[eta.Count == 1 ? 0 : i];
            sum += rows.Evaluate(0, at, [], true);
            if (!dEta.IsEmpty) dEta[eta.Count == 1 ? 0 : i] += at[0];
        }
        return partials.Close(sum);
    }

    /// <summary>An outcome.</summary>
    public static int Draw(Workspace w, Block eta, Block cutpoints) => OrderedOutcomes.Draw(w, "ordered_probit_rng", w.V[eta.Offset], w.Values(cutpoints), w.Rng.NextNormal());
}
