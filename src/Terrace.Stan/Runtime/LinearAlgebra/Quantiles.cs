namespace Terrace.Stan.Runtime.LinearAlgebra;

/// <summary>
/// Sample quantiles: with h = (n − 1) p, j = ⌊h⌋ and the order statistics x₍₀₎ ≤ x₍₁₎ ≤ …, (1 − (h − j)) x₍ⱼ₎ + (h − j) x₍ⱼ₊₁₎. Source: Hyndman and Fan (1996), The American Statistician 50, definition 7.
/// The order statistics take the derivatives by their shares, p takes (n − 1) times their difference.
/// </summary>
internal static class Quantiles
{
    /// <summary>The quantiles of <paramref name="x"/> at the probabilities <paramref name="p"/>, one or an array of them.</summary>
    public static Block Of(Workspace w, Block x, Block p)
    {
        foreach (double value in w.Values(x)) if (double.IsNaN(value)) Workspace.Reject("quantile: an element is not a number");
        if (x.Count == 0) Workspace.Fail("quantile: there are no observations");
        IntBlock order = Ordering.OrderAscending(w, x);
        Block result = w.AllocateLike(p, w.Differentiating && (x.Active || p.Active));
        for (int k = 0; k < p.Count; k++)
        {
            double probability = w.V[p.Offset + k];
            if (!(probability >= 0 && probability <= 1)) Workspace.Reject($"quantile: the probability is {probability}, but must be between 0 and 1");
            double h = (x.Count - 1) * probability;
            int j = Math.Min((int)h, Math.Max(0, x.Count - 2));
            int low = x.Offset + w.I[order.Offset + j] - 1, high = x.Offset + w.I[order.Offset + Math.Min(j + 1, x.Count - 1)] - 1;
            double share = h - j;
            w.V[result.Offset + k] = share == 0 ? w.V[low] : ((1 - share) * w.V[low]) + (share * w.V[high]);
            if (!result.Active) continue;
            int edges = 0;
            if (x.Active)
            {
                w.Edge(low, 1 - share);
                w.Edge(high, share);
                edges += 2;
            }
            if (p.Active)
            {
                w.Edge(p.Offset + k, (x.Count - 1) * (w.V[high] - w.V[low]));
                edges++;
            }
            w.CloseLinear(result.Offset + k, edges);
        }
        return result;
    }
}
