using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>dirichlet_multinomial: counts of K outcomes whose probabilities are Dirichlet(α). Arguments: y, alpha.</summary>
internal static class DirichletMultinomial
{
    private const string Function = "dirichlet_multinomial_lpmf";

    /// <summary>log N!/Π y! (a summand of y) + the logs of the rising factorials Σ α_k … (y_k) minus that of (Σ α) … (N) (of both).</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block alpha)
    {
        ReadOnlySpan<int> counts = w.Ints(y);
        ReadOnlySpan<double> a = w.Values(alpha);
        Multinomial.Check(Function, counts, a.Length);
        foreach (double one in a) DiscreteDomain.Positive(Function, "prior count", one);
        var partials = new DensityPartials(w);
        if ((terms & 3) == 0 || a.IsEmpty) return partials.Close(0);
        Span<double> slopes = partials.Of(alpha);
        double n = 0, total = 0, sum = (terms & 1) != 0 ? Multinomial.LogCoefficient(counts) : 0;
        for (int k = 0; k < a.Length; k++)
        {
            n += counts[k];
            total += a[k];
            sum += RisingFactorial.Log(a[k], counts[k]);
        }
        sum -= RisingFactorial.Log(total, n);
        double common = slopes.IsEmpty ? 0 : RisingFactorial.First(total, n);
        for (int k = 0; k < slopes.Length; k++) slopes[k] = RisingFactorial.First(a[k], counts[k]) - common;
        return partials.Close(sum);
    }

    /// <summary>Counts of N draws: multinomial with Dirichlet probabilities.</summary>
    public static IntBlock Draw(Workspace w, Block alpha, int total)
    {
        int top = w.Top;
        Span<double> p = w.V.AsSpan(w.AllocateSlots(alpha.Count), alpha.Count);
        Dirichlet.Draw(w, "dirichlet_multinomial_rng", w.Values(alpha), p);
        w.Top = top;
        return Multinomial.Draw(w, "dirichlet_multinomial_rng", p, total);
    }
}
