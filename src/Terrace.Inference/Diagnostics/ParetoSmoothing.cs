using Terrace.Numerics.SpecialFunctions;

namespace Terrace.Inference.Diagnostics;

/// <summary>
/// Smooths the largest importance ratios by a generalised Pareto distribution, whose shape k says whether importance sampling can be trusted: below 0.7 it can, above 0.7 it cannot.
/// <code>
/// tail length M = ⌈min(0.2 S, 3 √(S/r_eff))⌉; the M largest ratios become the quantiles of the fit at (j − ½)/M, none above the largest raw ratio
/// fit: θ̂ = Σ θ_j w_j,  θ_j = 1/x_(N) + (1 − √(m/(j − ½)))/(3 x_q),  w_j ∝ e^(N ℓ(θ_j)),  ℓ(θ) = log(−θ/k) − k − 1,  k = mean log(1 − θx),  σ = −k/θ̂;  k ← (N k + 5)/(N + 10)
/// </code>
/// Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling; Zhang and Stephens (2009), A new and efficient estimation method for the generalized Pareto distribution. Checked in
/// <c>LooReferenceTests</c>.
/// </summary>
public static class ParetoSmoothing
{
    private const int FewestTail = 5;

    /// <summary>Smooths log ratios in place and normalises them, so that their exponentials sum to 1; returns k, which is infinite where the tail is too short.</summary>
    /// <param name="logRatios">The log importance ratios of the draws, in any order.</param>
    /// <param name="relativeEfficiency">How many independent draws one is worth; 1 for independent ones.</param>
    public static double Smooth(Span<double> logRatios, double relativeEfficiency = 1)
    {
        double largest = double.NegativeInfinity;
        foreach (double value in logRatios) largest = Math.Max(largest, value);
        foreach (ref double value in logRatios) value -= largest;
        double k = SmoothTail(logRatios, TailLength(logRatios.Length, relativeEfficiency));
        foreach (ref double value in logRatios) value = Math.Min(value, 0);
        double total = LogSum.LogSumExp(logRatios);
        foreach (ref double value in logRatios) value -= total;
        return k;
    }

    /// <summary>k of log ratios, which stay as they are.</summary>
    public static double Shape(ReadOnlySpan<double> logRatios, double relativeEfficiency = 1) => Smooth(logRatios.ToArray(), relativeEfficiency);

    /// <summary>The number of ratios that are smoothed.</summary>
    public static int TailLength(int draws, double relativeEfficiency) => (int)Math.Ceiling(Math.Min(0.2 * draws, 3 * Math.Sqrt(draws / relativeEfficiency)));

    /// <summary>Shape and scale of a generalised Pareto distribution fitted to ascending values above 0.</summary>
    public static (double Shape, double Scale) Fit(ReadOnlySpan<double> ascending)
    {
        const double prior = 3;
        int n = ascending.Length, grid = 30 + (int)Math.Sqrt(n);
        double quartile = ascending[(int)Math.Floor(n / 4.0 + 0.5) - 1];
        double[] theta = new double[grid], weight = new double[grid];
        for (int j = 0; j < grid; j++)
        {
            theta[j] = 1 / ascending[n - 1] + (1 - Math.Sqrt(grid / (j + 0.5))) / (prior * quartile);
            double k = MeanLog(ascending, theta[j]);
            weight[j] = n * (Math.Log(-theta[j] / k) - k - 1);
        }
        double total = LogSum.LogSumExp(weight), estimate = 0;
        for (int j = 0; j < grid; j++) estimate += theta[j] * Math.Exp(weight[j] - total);
        double shape = MeanLog(ascending, estimate), scale = -shape / estimate;
        return ((n * shape + 5) / (n + 10), scale);
    }

    private static double MeanLog(ReadOnlySpan<double> x, double theta)
    {
        double sum = 0;
        foreach (double value in x) sum += LogisticFunction.Log1p(-theta * value);
        return sum / x.Length;
    }

    private static double SmoothTail(Span<double> logRatios, int tail)
    {
        int draws = logRatios.Length;
        if (tail < FewestTail || tail >= draws) return double.PositiveInfinity;
        double[] sorted = logRatios.ToArray();
        var order = new int[draws];
        for (int i = 0; i < draws; i++) order[i] = i;
        Array.Sort(sorted, order);
        int first = draws - tail;
        if (Math.Abs(sorted[draws - 1] - sorted[first]) < double.Epsilon) return double.PositiveInfinity;
        double cutoff = Math.Exp(sorted[first - 1]);
        var excess = new double[tail];
        for (int j = 0; j < tail; j++) excess[j] = Math.Exp(sorted[first + j]) - cutoff;
        (double k, double scale) = Fit(excess);
        if (!double.IsFinite(k)) return double.PositiveInfinity;
        for (int j = 0; j < tail; j++)
        {
            double p = (j + 0.5) / tail;
            logRatios[order[first + j]] = Math.Log(scale * LogisticFunction.Expm1(-k * LogisticFunction.Log1p(-p)) / k + cutoff);
        }
        return k;
    }
}
