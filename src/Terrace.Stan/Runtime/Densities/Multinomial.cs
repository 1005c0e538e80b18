using Terrace.Numerics.RandomNumbers;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>multinomial: counts of K outcomes with probabilities θ, N = Σ y. Arguments: y, theta.</summary>
internal static class Multinomial
{
    private const string Function = "multinomial_lpmf";

    /// <summary>log N!/Π y! (a summand of y) + Σ y log θ.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block theta)
    {
        ReadOnlySpan<int> counts = w.Ints(y);
        ReadOnlySpan<double> p = w.Values(theta);
        Check(Function, counts, p.Length);
        DiscreteDomain.Simplex(Function, "probabilities", p);
        var partials = new DensityPartials(w);
        if ((terms & 3) == 0) return partials.Close(0);
        Span<double> slopes = partials.Of(theta);
        double sum = (terms & 1) != 0 ? LogCoefficient(counts) : 0;
        for (int k = 0; k < p.Length; k++)
        {
            if (counts[k] == 0) continue;
            sum += counts[k] * Math.Log(p[k]);
            if (!slopes.IsEmpty && p[k] > 0) slopes[k] = counts[k] / p[k];
        }
        return partials.Close(sum);
    }

    /// <summary>Counts of N draws.</summary>
    public static IntBlock Draw(Workspace w, Block theta, int total)
    {
        DiscreteDomain.Simplex("multinomial_rng", "probabilities", w.Values(theta));
        return Draw(w, "multinomial_rng", w.Values(theta), total);
    }

    /// <summary>By conditional binomials, each count given those before.</summary>
    public static IntBlock Draw(Workspace w, string function, ReadOnlySpan<double> p, int total)
    {
        DiscreteDomain.Count(function, "total count", total);
        IntBlock result = w.AllocateInts(p.Length);
        Span<int> counts = w.Ints(result);
        counts.Clear();
        Rng rng = w.Rng;
        double rest = 0;
        foreach (double share in p) rest += share;
        for (int k = 0; k < p.Length && total > 0; k++)
        {
            counts[k] = rest > p[k] ? rng.NextBinomial(total, p[k] / rest) : total;
            total -= counts[k];
            rest -= p[k];
        }
        return result;
    }

    /// <summary>Refuses negative counts and a number of counts that is not that of the parameters.</summary>
    public static void Check(string function, ReadOnlySpan<int> counts, int categories)
    {
        if (counts.Length != categories) Workspace.Fail($"{function}: there are {counts.Length} counts, but {categories} parameters");
        DiscreteDomain.Range(function, counts, 0, int.MaxValue);
    }

    /// <summary>log N!/Π y!.</summary>
    public static double LogCoefficient(ReadOnlySpan<int> counts)
    {
        double total = 0, sum = 0;
        foreach (int count in counts)
        {
            total += count;
            sum += LogFactorial.Choose(total, count);
        }
        return sum;
    }
}
