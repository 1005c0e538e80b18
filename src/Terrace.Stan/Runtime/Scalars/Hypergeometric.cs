using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Stan.Runtime.Scalars;

/// <summary>
/// The generalised hypergeometric function pFq(a; b; z) = Σₖ Π (aᵢ)ₖ / Π (bⱼ)ₖ zᵏ/k!, by its series, which converges for p ≤ q and for p = q + 1 with |z| &lt; 1, and ends if an upper parameter is 0 or a negative integer.
/// Derivatives term by term: by aᵢ Σ tₖ Σ_{l&lt;k} 1/(aᵢ + l), by bⱼ −Σ tₖ Σ_{l&lt;k} 1/(bⱼ + l), by z Σ k tₖ / z. Of 2F1 with z &lt; 0 Pfaff's transformation (1 − z)^(−a₂) 2F1(b − a₁, a₂; b; z/(z − 1)) brings the argument to between 0 and 1
/// (Abramowitz and Stegun 1964, 15.3.4).
/// </summary>
internal static class Hypergeometric
{
    private const int MaximumTerms = 1_000_000;
    private const double Precision = 1e-17;

    /// <summary>pFq with parameters of any number.</summary>
    public static Block PFq(Workspace w, Block a, Block b, Block z) => Series(w, "hypergeometric_pFq", a, b, z);

    /// <summary>3F2.</summary>
    public static Block ThreeTwo(Workspace w, Block a, Block b, Block z)
    {
        if (a.Count != 3 || b.Count != 2) Workspace.Fail($"hypergeometric_3F2: there are {a.Count} upper and {b.Count} lower parameters, but must be 3 and 2");
        return Series(w, "hypergeometric_3F2", a, b, z);
    }

    /// <summary>1F0 = (1 − z)^(−a).</summary>
    public static Block OneZero(Workspace w, Block a, Block z)
    {
        double shape = w.V[a.Offset], x = w.V[z.Offset];
        if (!(Math.Abs(x) < 1)) Workspace.Reject($"hypergeometric_1F0: argument is {x}, but must be between -1 and 1");
        double value = Math.Exp(-shape * LogisticFunction.Log1p(-x));
        return Close(w, value, [(a.Offset, a.Active, -value * LogisticFunction.Log1p(-x)), (z.Offset, z.Active, value * shape / (1 - x))]);
    }

    /// <summary>2F1.</summary>
    public static Block TwoOne(Workspace w, Block a1, Block a2, Block b, Block z)
    {
        const string name = "hypergeometric_2F1";
        double x = w.V[z.Offset], first = w.V[a1.Offset], second = w.V[a2.Offset], lower = w.V[b.Offset];
        Span<double> slopes = stackalloc double[4];
        if (x >= 0 || Ends(first) || Ends(second))
        {
            double direct = Sum(name, [first, second], [lower], x, slopes);
            return Close(w, direct, [(a1.Offset, a1.Active, slopes[0]), (a2.Offset, a2.Active, slopes[1]), (b.Offset, b.Active, slopes[2]), (z.Offset, z.Active, slopes[3])]);
        }
        double log = LogisticFunction.Log1p(-x), scale = Math.Exp(-second * log), inner = Sum(name, [lower - first, second], [lower], x / (x - 1), slopes), value = scale * inner;
        // d(z/(z − 1))/dz = −1/(z − 1)².
        double byZ = (value * second / (1 - x)) - (scale * slopes[3] / ((x - 1) * (x - 1)));
        return Close(
            w, value,
            [(a1.Offset, a1.Active, -scale * slopes[0]), (a2.Offset, a2.Active, (scale * slopes[1]) - (value * log)), (b.Offset, b.Active, scale * (slopes[0] + slopes[2])), (z.Offset, z.Active, byZ)]);
    }

    private static Block Series(Workspace w, string name, Block a, Block b, Block z)
    {
        int p = a.Count, q = b.Count;
        int scratch = w.AllocateSlots(p + q + 1);
        Span<double> slopes = w.V.AsSpan(scratch, p + q + 1);
        double value = Sum(name, w.Values(a), w.Values(b), w.V[z.Offset], slopes);
        Block result = w.AllocateScalar(value, w.Differentiating && (a.Active || b.Active || z.Active));
        if (!result.Active) return result;
        int edges = 0;
        for (int i = 0; i <= p + q; i++)
        {
            (int slot, bool active) = i < p ? (a.Offset + i, a.Active) : i < p + q ? (b.Offset + i - p, b.Active) : (z.Offset, z.Active);
            if (!active) continue;
            w.Edge(slot, slopes[i]);
            edges++;
        }
        w.CloseLinear(result.Offset, edges);
        return result;
    }

    private static Block Close(Workspace w, double value, ReadOnlySpan<(int Slot, bool Active, double Slope)> arguments)
    {
        bool active = false;
        foreach ((_, bool own, _) in arguments) active |= own;
        Block result = w.AllocateScalar(value, active && w.Differentiating);
        if (!result.Active) return result;
        int edges = 0;
        foreach ((int slot, bool own, double slope) in arguments)
        {
            if (!own) continue;
            w.Edge(slot, slope);
            edges++;
        }
        w.CloseLinear(result.Offset, edges);
        return result;
    }

    private static bool Ends(double a) => a <= 0 && a == Math.Floor(a);

    /// <summary>The series, with the derivatives by the upper parameters, the lower ones and z.</summary>
    private static double Sum(string name, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double z, Span<double> slopes)
    {
        int p = a.Length, q = b.Length;
        bool ends = false;
        foreach (double upper in a) ends |= Ends(upper);
        foreach (double lower in b) if (Ends(lower)) Workspace.Reject($"{name}: a lower parameter is {lower}, but must not be 0 or a negative integer");
        bool outside = p > q + 1 || (p == q + 1 && !(Math.Abs(z) < 1));
        if (!ends && outside) Workspace.Reject($"{name}: the series with {p} upper and {q} lower parameters does not converge at {z}");
        double term = 1, sum = 1, byZ = 0;
        slopes.Clear();
        // A parameter's slope carries the derivative of the term along: t′ₖ₊₁ = t′ₖ r + tₖ r′, r the ratio of terms.
        Span<double> termSlopes = stackalloc double[p + q];
        termSlopes.Clear();
        for (int k = 0; k < MaximumTerms; k++)
        {
            double ratio = z / (k + 1);
            foreach (double upper in a) ratio *= upper + k;
            foreach (double lower in b) ratio /= lower + k;
            for (int i = 0; i < p + q; i++)
            {
                double own;
                if (i >= p) own = -ratio / (b[i - p] + k);
                else
                {
                    own = z / (k + 1);
                    for (int j = 0; j < p; j++) if (j != i) own *= a[j] + k;
                    foreach (double lower in b) own /= lower + k;
                }
                termSlopes[i] = (termSlopes[i] * ratio) + (term * own);
                slopes[i] += termSlopes[i];
            }
            byZ += z == 0 ? (k == 0 ? First(a, b) : 0) : (k + 1) * term * ratio / z;
            term *= ratio;
            sum += term;
            if (term == 0 && outside)
            {
                // A polynomial: by the parameter that ends it there is no derivative here.
                for (int i = 0; i < p; i++) if (Ends(a[i])) slopes[i] = double.NaN;
                slopes[p + q] = byZ;
                return sum;
            }
            bool small = Math.Abs(term) <= Precision * Math.Abs(sum);
            for (int i = 0; i < p + q && small; i++) small = Math.Abs(termSlopes[i]) <= Precision * Math.Max(Math.Abs(slopes[i]), Math.Abs(sum));
            if (small && Math.Abs(ratio) < 1)
            {
                slopes[p + q] = byZ;
                return sum;
            }
        }
        Workspace.Reject($"{name}: the series does not converge at {z}");
        return 0;
    }

    private static double First(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double product = 1;
        foreach (double upper in a) product *= upper;
        foreach (double lower in b) product /= lower;
        return product;
    }
}
