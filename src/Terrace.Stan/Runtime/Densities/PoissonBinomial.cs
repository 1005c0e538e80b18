namespace Terrace.Stan.Runtime.Densities;

/// <summary>
/// The number of successes of independent trials with probabilities θ₁ … θ_N of their own. P(k) by adding one trial after the other, Pᵢ(k) = Pᵢ₋₁(k) (1 − θᵢ) + Pᵢ₋₁(k − 1) θᵢ; the derivative by θᵢ is Q(k − 1) − Q(k), Q the distribution
/// without trial i, found from the trials before and after it. Source: Hong (2013), Computational Statistics and Data Analysis 59, section 2.
/// </summary>
internal static class PoissonBinomial
{
    private enum Part { Mass, Lower, Upper }

    /// <summary>The log mass of one number of successes, or with an array of vectors the sum over them.</summary>
    public static Block Log(Workspace w, int terms, int y, Block theta) => Log(w, terms, IntColumn.Single(w, y), theta);

    /// <summary>The sum of the log masses.</summary>
    public static Block Log(Workspace w, int terms, IntBlock y, Block theta) => Sum(w, "poisson_binomial_lpmf", terms, y, theta, Part.Mass);

    /// <summary>The log of P(Y ≤ y).</summary>
    public static Block LogCdf(Workspace w, int y, Block theta) => LogCdf(w, IntColumn.Single(w, y), theta);

    /// <summary>The sum of the logs of P(Y ≤ y).</summary>
    public static Block LogCdf(Workspace w, IntBlock y, Block theta) => Sum(w, "poisson_binomial_lcdf", -1, y, theta, Part.Lower);

    /// <summary>The log of P(Y &gt; y).</summary>
    public static Block LogCcdf(Workspace w, int y, Block theta) => LogCcdf(w, IntColumn.Single(w, y), theta);

    /// <summary>The sum of the logs of P(Y &gt; y).</summary>
    public static Block LogCcdf(Workspace w, IntBlock y, Block theta) => Sum(w, "poisson_binomial_lccdf", -1, y, theta, Part.Upper);

    /// <summary>P(Y ≤ y).</summary>
    public static Block Cdf(Workspace w, int y, Block theta) => Cdf(w, IntColumn.Single(w, y), theta);

    /// <summary>The product of the P(Y ≤ y).</summary>
    public static Block Cdf(Workspace w, IntBlock y, Block theta)
    {
        Block log = LogCdf(w, y, theta);
        double value = Math.Exp(w.V[log.Offset]);
        Block result = w.AllocateScalar(value, log.Active);
        if (!log.Active) return result;
        w.Edge(log.Offset, value);
        w.CloseLinear(result.Offset, 1);
        return result;
    }

    /// <summary>A number of successes.</summary>
    public static int Draw(Workspace w, Block theta)
    {
        Require("poisson_binomial_rng", w.Values(theta));
        int successes = 0;
        foreach (double p in w.Values(theta)) if (w.Rng.NextDouble() < p) successes++;
        return successes;
    }

    private static void Require(string name, ReadOnlySpan<double> theta)
    {
        foreach (double p in theta) if (!(p >= 0 && p <= 1)) Workspace.Reject($"{name}: success probability is {p}, but must be between 0 and 1");
    }

    private static Block Sum(Workspace w, string name, int terms, IntBlock y, Block theta, Part part)
    {
        int n = Math.Max(y.Count, theta.Outer);
        if ((y.Count != n && y.Count != 1) || (theta.Outer != n && theta.Outer != 1)) Workspace.Fail($"{name}: {y.Count} outcomes and {theta.Outer} vectors of probabilities");
        Require(name, w.Values(theta));
        var partials = new DensityPartials(w);
        if (terms == 0) return partials.Close(0);
        Span<double> slopes = partials.Of(theta);
        double sum = 0;
        int top = w.Top;
        for (int i = 0; i < n; i++, w.Top = top)
        {
            Block own = theta.Element(theta.Outer == 1 ? 0 : i);
            sum += One(w, name, w.I[y.Offset + (y.Count == 1 ? 0 : i)], own, slopes.IsEmpty ? [] : slopes.Slice(theta.Outer == 1 ? 0 : i * own.Count, own.Count), part);
        }
        return partials.Close(sum);
    }

    private static double One(Workspace w, string name, int y, Block theta, Span<double> slopes, Part part)
    {
        int n = theta.Count, width = n + 1;
        if (part == Part.Mass && (y < 0 || y > n)) Workspace.Reject($"{name}: the number of successes is {y}, but must be between 0 and {n}");
        // Row i holds the distribution of the first i trials.
        Span<double> before = w.V.AsSpan(w.AllocateSlots(width * width), width * width);
        before.Clear();
        before[0] = 1;
        ReadOnlySpan<double> p = w.Values(theta);
        for (int i = 0; i < n; i++)
            for (int k = 0; k <= i + 1; k++) before[((i + 1) * width) + k] = (before[(i * width) + k] * (1 - p[i])) + (k > 0 ? before[(i * width) + k - 1] * p[i] : 0);
        double probability = Total(before.Slice(n * width, width), y, part);
        if (slopes.IsEmpty) return Math.Log(probability);
        // What the trials after i must give for the outcome, as a function of the successes so far: the events run backwards.
        Span<double> after = w.V.AsSpan(w.AllocateSlots(width + 1), width + 1);
        for (int k = 0; k <= n; k++) after[k] = part switch { Part.Mass => k == y ? 1 : 0, Part.Lower => k <= y ? 1 : 0, _ => k > y ? 1 : 0 };
        after[width] = 0;
        for (int i = n - 1; i >= 0; i--)
        {
            double slope = 0;
            for (int k = 0; k <= i; k++) slope += before[(i * width) + k] * (after[k + 1] - after[k]);
            slopes[i] += slope / probability;
            for (int k = 0; k <= i; k++) after[k] = (after[k] * (1 - p[i])) + (after[k + 1] * p[i]);
        }
        return Math.Log(probability);
    }

    private static double Total(ReadOnlySpan<double> mass, int y, Part part)
    {
        if (part == Part.Mass) return mass[y];
        double sum = 0;
        for (int k = 0; k < mass.Length; k++) if (k <= y == (part == Part.Lower)) sum += mass[k];
        return Math.Min(1, sum);
    }
}
