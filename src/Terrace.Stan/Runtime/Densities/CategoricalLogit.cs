using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>categorical_logit: outcomes 1 … K with probabilities softmax(β). Arguments: y, beta.</summary>
internal static class CategoricalLogit
{
    private const string Function = "categorical_logit_lpmf";

    /// <summary>β_y − log Σ e^β.</summary>
    public static Block Log(Workspace w, int terms, int y, Block beta) => Log(w, terms, IntColumn.Single(w, y), beta);

    /// <summary>Σ β_yᵢ − n log Σ e^β, derivative count − n softmax(β).</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block beta)
    {
        ReadOnlySpan<int> outcomes = w.Ints(y);
        ReadOnlySpan<double> b = w.Values(beta);
        DiscreteDomain.Finite(Function, "log odds", b);
        DiscreteDomain.Range(Function, outcomes, 1, b.Length);
        var partials = new DensityPartials(w);
        if ((terms & 3) == 0 || outcomes.IsEmpty) return partials.Close(0);
        Span<double> slopes = partials.Of(beta);
        double normalizer = LogSum.LogSumExp(b), sum = -outcomes.Length * normalizer;
        foreach (int one in outcomes) sum += b[one - 1];
        if (slopes.IsEmpty) return partials.Close(sum);
        for (int k = 0; k < b.Length; k++) slopes[k] = -outcomes.Length * Math.Exp(b[k] - normalizer);
        foreach (int one in outcomes) slopes[one - 1]++;
        return partials.Close(sum);
    }

    /// <summary>An outcome, by inversion.</summary>
    public static int Draw(Workspace w, Block beta)
    {
        int top = w.Top;
        Span<double> weights = Weights(w, "categorical_logit_rng", w.Values(beta), out double total);
        w.Top = top;
        return Categorical.Draw(weights, total, w.Rng);
    }

    /// <summary>e^(β − max β) in fresh places of the arena, and its sum.</summary>
    public static Span<double> Weights(Workspace w, string function, ReadOnlySpan<double> beta, out double total)
    {
        DiscreteDomain.Finite(function, "log odds", beta);
        Span<double> weights = w.V.AsSpan(w.AllocateSlots(beta.Length), beta.Length);
        double largest = double.NegativeInfinity;
        foreach (double b in beta) largest = Math.Max(largest, b);
        total = 0;
        for (int k = 0; k < beta.Length; k++) total += weights[k] = Math.Exp(beta[k] - largest);
        return weights;
    }
}
