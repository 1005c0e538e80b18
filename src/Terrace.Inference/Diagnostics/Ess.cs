using Terrace.Inference.Posterior;

namespace Terrace.Inference.Diagnostics;

/// <summary>
/// Effective sample sizes: how many independent draws would tell as much.
/// <code>
/// ESS = mn/τ,  τ = −1 + 2 Σ ρ_t over Geyer's initial monotone sequence,  ρ_t = 1 − (W − mean γ_t)/var⁺,  var⁺ = W (n − 1)/n + B/n;  τ at least 1/log₁₀(mn)
/// </code>
/// Vehtari et al. (2021), Rank-normalization, folding, and localization, sections 3.2 and 4.3; Geyer (1992), Practical Markov chain Monte Carlo, section 3.3. Draws are given chain after chain and split into
/// halves; NaN where they are constant or not finite, or chains have fewer than six draws. Checked in <c>DiagnosticsReferenceTests</c>.
/// </summary>
public static class Ess
{
    /// <summary>Of the rank-normalised draws: how well the middle of the distribution is known.</summary>
    public static double Bulk(ReadOnlySpan<double> draws, int chains) => ChainHalves.AreUsable(draws) ? OfScores(RankNormalisation.Of(ChainHalves.Of(draws, chains)), chains) : double.NaN;

    /// <summary>The bulk one where the normal scores of the split chains are known.</summary>
    internal static double OfScores(double[] scores, int chains) => Plain(scores, 2 * chains);

    /// <summary>The smaller of those of the 5 % and the 95 % quantile.</summary>
    public static double Tail(ReadOnlySpan<double> draws, int chains)
    {
        double[] quantiles = SampleQuantile.Of(draws, [0.05, 0.95]);
        return Tail(draws, chains, quantiles[0], quantiles[1]);
    }

    /// <summary>The same where the two quantiles are known.</summary>
    internal static double Tail(ReadOnlySpan<double> draws, int chains, double q5, double q95)
    {
        double lower = OfShareBelow(draws, chains, q5), upper = OfShareBelow(draws, chains, q95);
        return double.IsNaN(lower) ? upper : double.IsNaN(upper) ? lower : Math.Min(lower, upper);
    }

    /// <summary>For the mean.</summary>
    public static double OfMean(ReadOnlySpan<double> draws, int chains) => ChainHalves.AreUsable(draws) ? Plain(ChainHalves.Of(draws, chains), 2 * chains) : double.NaN;

    /// <summary>For the median.</summary>
    public static double OfMedian(ReadOnlySpan<double> draws, int chains) => OfQuantile(draws, chains, 0.5);

    /// <summary>For the standard deviation.</summary>
    public static double OfStandardDeviation(ReadOnlySpan<double> draws, int chains)
    {
        double mean = SampleMoments.Mean(draws);
        double[] distances = draws.ToArray();
        for (int i = 0; i < distances.Length; i++) distances[i] = Math.Abs(distances[i] - mean);
        return OfMean(distances, chains);
    }

    /// <summary>For a quantile: that of the indicator of being below it.</summary>
    public static double OfQuantile(ReadOnlySpan<double> draws, int chains, double probability) => OfShareBelow(draws, chains, SampleQuantile.Of(draws, probability));

    private static double OfShareBelow(ReadOnlySpan<double> draws, int chains, double quantile)
    {
        if (!ChainHalves.AreUsable(draws)) return double.NaN;
        double[] below = draws.ToArray();
        for (int i = 0; i < below.Length; i++) below[i] = below[i] <= quantile ? 1 : 0;
        double[] halves = ChainHalves.Of(below, chains);
        return ChainHalves.AreUsable(halves) ? Plain(halves, 2 * chains) : double.NaN;
    }

    private static double Plain(double[] draws, int chains)
    {
        int n = draws.Length / chains;
        if (n < 3 || !ChainHalves.AreUsable(draws)) return double.NaN;
        var covariances = new Autocovariance[chains];
        for (int chain = 0; chain < chains; chain++) covariances[chain] = new Autocovariance(draws.AsSpan(chain * n, n));
        double within = MeanAt(covariances, 0) * n / (n - 1), total = within * (n - 1) / n;
        if (chains > 1)
        {
            double spread = SampleMoments.StandardDeviation([.. covariances.Select(c => c.Mean)]);
            total += spread * spread;
        }
        double size = (double)chains * n, tau = CorrelationTime(lag => 1 - (within - MeanAt(covariances, lag)) / total, n);
        return size / Math.Max(tau, 1 / Math.Log10(size));
    }

    /// <summary>Geyer's sum: pairs of autocorrelations as long as they are positive, made monotone.</summary>
    private static double CorrelationTime(Func<int, double> correlation, int n)
    {
        var rho = new List<double> { 1, correlation(1) };
        double even = 1, odd = rho[1];
        int t = 0;
        while (t < n - 5 && even + odd > 0)
        {
            t += 2;
            (even, odd) = (correlation(t), correlation(t + 1));
            bool positive = even + odd >= 0;
            rho.Add(positive ? even : 0);
            rho.Add(positive ? odd : 0);
        }
        if (even > 0) rho[t] = even;
        for (int k = 2; k <= t - 2; k += 2)
        {
            double before = rho[k - 2] + rho[k - 1];
            if (rho[k] + rho[k + 1] > before) rho[k] = rho[k + 1] = before / 2;
        }
        double sum = 0;
        for (int k = 0; k < t; k++) sum += rho[k];
        return -1 + 2 * sum + rho[t];
    }

    private static double MeanAt(Autocovariance[] covariances, int lag)
    {
        double sum = 0;
        foreach (Autocovariance covariance in covariances) sum += covariance[lag];
        return sum / covariances.Length;
    }
}
