using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>ordered_logistic: outcomes 1 … K by a logistic latent variable η + ε and cutpoints. Arguments: k, eta, c.</summary>
internal static class OrderedLogistic
{
    private const string Function = "ordered_logistic_lpmf";

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
        if (cutpoints.Outer == 1)
        {
            var all = new Cutpoints(w, Function, w.Values(cutpoints), dCutpoints);
            var rows = new OrderedLogitRows(outcomes, all);
            double total = VectorDensity.Sum(w, rows, n, eta, all.HasSlopes, ref partials) + rows.Gaps(n);
            all.AddSlopes();
            return partials.Close(total);
        }
        Span<double> dEta = partials.Of(eta), scratch = stackalloc double[4];
        double sum = 0;
        int top = w.Top;
        for (int i = 0; i < n; i++)
        {
            Block own = cutpoints.Element(i);
            w.Top = top;
            var one = new Cutpoints(w, Function, w.Values(own), dCutpoints.IsEmpty ? [] : dCutpoints.Slice(i * own.Count, own.Count));
            var rows = new OrderedLogitRows(outcomes.Slice(outcomes.Length == 1 ? 0 : i, 1), one);
            scratch[0] = w.Values(eta)[eta.Count == 1 ? 0 : i];
            sum += rows.Evaluate(0, scratch[..1], scratch[1..], true) + rows.Gaps(1);
            one.AddSlopes();
            if (!dEta.IsEmpty) dEta[eta.Count == 1 ? 0 : i] += scratch[0];
        }
        w.Top = top;
        return partials.Close(sum);
    }

    /// <summary>An outcome.</summary>
    public static int Draw(Workspace w, Block eta, Block cutpoints) =>
        OrderedOutcomes.Draw(w, "ordered_logistic_rng", w.V[eta.Offset], w.Values(cutpoints), LogisticFunction.Logit(w.Rng.NextDouble()));
}
