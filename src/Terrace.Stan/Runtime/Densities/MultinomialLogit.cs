using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>multinomial_logit: counts of K outcomes with probabilities softmax(γ). Arguments: y, gamma.</summary>
internal static class MultinomialLogit
{
    private const string Function = "multinomial_logit_lpmf";

    /// <summary>log N!/Π y! (a summand of y) + Σ y (γ − log Σ e^γ); derivative y − N softmax(γ).</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block gamma)
    {
        ReadOnlySpan<int> counts = w.Ints(y);
        ReadOnlySpan<double> g = w.Values(gamma);
        Multinomial.Check(Function, counts, g.Length);
        DiscreteDomain.Finite(Function, "log odds", g);
        var partials = new DensityPartials(w);
        if ((terms & 3) == 0 || g.IsEmpty) return partials.Close(0);
        Span<double> slopes = partials.Of(gamma);
        double normalizer = LogSum.LogSumExp(g), total = 0, sum = (terms & 1) != 0 ? Multinomial.LogCoefficient(counts) : 0;
        for (int k = 0; k < g.Length; k++)
        {
            sum += counts[k] * (g[k] - normalizer);
            total += counts[k];
        }
        for (int k = 0; k < slopes.Length; k++) slopes[k] = counts[k] - (total * Math.Exp(g[k] - normalizer));
        return partials.Close(sum);
    }

    /// <summary>Counts of N draws.</summary>
    public static IntBlock Draw(Workspace w, Block gamma, int total)
    {
        int top = w.Top;
        Span<double> weights = CategoricalLogit.Weights(w, "multinomial_logit_rng", w.Values(gamma), out _);
        w.Top = top;
        return Multinomial.Draw(w, "multinomial_logit_rng", weights, total);
    }
}
