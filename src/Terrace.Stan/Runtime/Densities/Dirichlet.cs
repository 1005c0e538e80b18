using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Densities;

/// <summary>dirichlet: a simplex θ with prior counts α, or arrays of them. Arguments: theta, alpha.</summary>
internal static class Dirichlet
{
    private const string Function = "dirichlet_lpdf";

    /// <summary>log Γ(Σ α) − Σ log Γ(α) (summands of α) + Σ (α − 1) log θ (of both); derivatives (α − 1)/θ by θ, ψ(Σ α) − ψ(α) + log θ by α.</summary>
    public static Block Log(Workspace w, int terms, Block theta, Block alpha)
    {
        int n = VectorDensity.Rows(Function, theta.Outer, alpha.Outer), categories = theta.Inner;
        if (alpha.Inner != categories) Workspace.Fail($"{Function}: the simplex has {categories} elements, but there are {alpha.Inner} prior counts");
        for (int i = 0; i < theta.Outer; i++) DiscreteDomain.Simplex(Function, "outcome", w.Values(theta.Element(i)));
        foreach (double a in w.Values(alpha)) DiscreteDomain.Positive(Function, "prior count", a);
        var partials = new DensityPartials(w);
        if ((terms & 3) == 0) return partials.Close(0);
        Span<double> dTheta = partials.Of(theta), dAlpha = partials.Of(alpha);
        double sum = 0;
        if ((terms & 2) != 0)
            for (int i = 0; i < alpha.Outer; i++) sum += Normalizer(w.Values(alpha.Element(i)), dAlpha.IsEmpty ? dAlpha : dAlpha.Slice(i * categories, categories), alpha.Outer == 1 ? n : 1);
        for (int i = 0; i < n; i++)
        {
            int first = theta.Outer == 1 ? 0 : i * categories, second = alpha.Outer == 1 ? 0 : i * categories;
            for (int k = 0; k < categories; k++)
            {
                double p = w.V[theta.Offset + first + k], power = w.V[alpha.Offset + second + k] - 1, log = Math.Log(p);
                sum += power == 0 ? 0 : power * log;
                if (!dTheta.IsEmpty) dTheta[first + k] += power == 0 ? 0 : power / p;
                if (!dAlpha.IsEmpty) dAlpha[second + k] += log;
            }
        }
        return partials.Close(sum);
    }

    /// <summary>A simplex.</summary>
    public static Block Draw(Workspace w, Block alpha)
    {
        Block result = w.AllocateVector(alpha.Count, false);
        Draw(w, "dirichlet_rng", w.Values(alpha), w.Values(result));
        return result;
    }

    /// <summary>Gamma variates over their sum, by logarithms so that small prior counts do not make all of them 0.</summary>
    public static void Draw(Workspace w, string function, ReadOnlySpan<double> alpha, Span<double> result)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < alpha.Length; k++)
        {
            DiscreteDomain.Positive(function, "prior count", alpha[k]);
            result[k] = LogGammaVariate.Draw(alpha[k], w.Rng);
            largest = Math.Max(largest, result[k]);
        }
        for (int k = 0; k < alpha.Length; k++) sum += result[k] = Math.Exp(result[k] - largest);
        for (int k = 0; k < alpha.Length; k++) result[k] /= sum;
    }

    private static double Normalizer(ReadOnlySpan<double> alpha, Span<double> slopes, int times)
    {
        double total = 0, sum = 0;
        foreach (double a in alpha)
        {
            total += a;
            sum -= GammaFunction.LogGamma(a);
        }
        double slope = slopes.IsEmpty ? 0 : GammaFunction.Digamma(total);
        for (int k = 0; k < slopes.Length; k++) slopes[k] += times * (slope - GammaFunction.Digamma(alpha[k]));
        return times * (sum + GammaFunction.LogGamma(total));
    }
}
