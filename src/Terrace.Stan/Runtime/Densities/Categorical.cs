namespace Terrace.Stan.Runtime.Densities;

/// <summary>categorical: outcomes 1 … K with probabilities θ. Arguments: y, theta.</summary>
internal static class Categorical
{
    private const string Function = "categorical_lpmf";

    /// <summary>log θ_y.</summary>
    public static Block Log(Workspace w, int terms, int y, Block theta) => Log(w, terms, IntColumn.Single(w, y), theta);

    /// <summary>Σ log θ_yᵢ, as Σ_k count_k log θ_k.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block theta)
    {
        ReadOnlySpan<int> outcomes = w.Ints(y);
        ReadOnlySpan<double> p = w.Values(theta);
        DiscreteDomain.Simplex(Function, "probabilities", p);
        DiscreteDomain.Range(Function, outcomes, 1, p.Length);
        var partials = new DensityPartials(w);
        if ((terms & 3) == 0) return partials.Close(0);
        Span<double> slopes = partials.Of(theta);
        double sum = 0;
        if (outcomes.Length == 1)
        {
            double own = p[outcomes[0] - 1];
            if (!slopes.IsEmpty && own > 0) slopes[outcomes[0] - 1] = 1 / own;
            return partials.Close(Math.Log(own));
        }
        int top = w.Top;
        Span<double> counts = Counts(w, outcomes, p.Length);
        for (int k = 0; k < p.Length; k++)
        {
            if (counts[k] == 0) continue;
            sum += counts[k] * Math.Log(p[k]);
            if (!slopes.IsEmpty && p[k] > 0) slopes[k] = counts[k] / p[k];
        }
        w.Top = top;
        return partials.Close(sum);
    }

    /// <summary>An outcome, by inversion.</summary>
    public static int Draw(Workspace w, Block theta)
    {
        DiscreteDomain.Simplex("categorical_rng", "probabilities", w.Values(theta));
        return Draw(w.Values(theta), 1, w.Rng);
    }

    /// <summary>The number of times each of the outcomes 1 … K occurs, in fresh places of the arena.</summary>
    public static Span<double> Counts(Workspace w, ReadOnlySpan<int> outcomes, int categories)
    {
        Span<double> counts = w.V.AsSpan(w.AllocateSlots(categories), categories);
        counts.Clear();
        foreach (int y in outcomes) counts[y - 1]++;
        return counts;
    }

    /// <summary>An outcome in proportion to weights of a known sum; never one of weight 0.</summary>
    public static int Draw(ReadOnlySpan<double> weights, double total, Numerics.RandomNumbers.Rng rng)
    {
        double u = rng.NextDouble() * total;
        int last = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            if (weights[k] <= 0) continue;
            last = k;
            if ((u -= weights[k]) <= 0) break;
        }
        return last + 1;
    }
}
