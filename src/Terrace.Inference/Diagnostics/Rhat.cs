namespace Terrace.Inference.Diagnostics;

/// <summary>
/// The potential scale reduction factor R̂: how much larger the spread of all chains together is than that within them; 1 at convergence.
/// <code>R̂ = √((B/W + n − 1)/n),  B = n · variance of the chains' means,  W = mean of the chains' variances</code>
/// Vehtari et al. (2021), Rank-normalization, folding, and localization: an improved R̂, equations 3 and 4 and section 4.1: the greater of those of rank-normalised split chains and of the folded ones. All
/// draws are given chain after chain; NaN where they are constant or not finite. Checked in <c>DiagnosticsReferenceTests</c>.
/// </summary>
public static class Rhat
{
    /// <summary>The rank-normalised split R̂ of draws and of their distances from the median, whichever is greater.</summary>
    public static double Of(ReadOnlySpan<double> draws, int chains)
    {
        return ChainHalves.AreUsable(draws) ? Of(draws, RankNormalisation.Of(ChainHalves.Of(draws, chains)), chains) : double.NaN;
    }

    /// <summary>The same where the normal scores of the split chains are known.</summary>
    internal static double Of(ReadOnlySpan<double> draws, double[] scores, int chains)
    {
        double bulk = Plain(scores, 2 * chains);
        double folded = Plain(RankNormalisation.Of(ChainHalves.Of(RankNormalisation.Fold(draws), chains)), 2 * chains);
        return double.IsNaN(folded) ? bulk : double.IsNaN(bulk) ? folded : Math.Max(bulk, folded);
    }

    /// <summary>The R̂ of the draws as they are, of split chains or of whole ones.</summary>
    public static double Basic(ReadOnlySpan<double> draws, int chains, bool split = true)
    {
        if (!ChainHalves.AreUsable(draws)) return double.NaN;
        return split ? Plain(ChainHalves.Of(draws, chains), 2 * chains) : Plain(draws, chains);
    }

    private static double Plain(ReadOnlySpan<double> draws, int chains)
    {
        int n = draws.Length / chains;
        if (n < 2) return double.NaN;
        var means = new double[chains];
        double within = 0;
        for (int chain = 0; chain < chains; chain++)
        {
            ReadOnlySpan<double> own = draws.Slice(chain * n, n);
            means[chain] = Posterior.SampleMoments.Mean(own);
            double sd = Posterior.SampleMoments.StandardDeviation(own);
            within += sd * sd / chains;
        }
        if (chains < 2) return double.NaN;
        double spread = Posterior.SampleMoments.StandardDeviation(means);
        return Math.Sqrt((n * spread * spread / within + n - 1) / n);
    }
}
