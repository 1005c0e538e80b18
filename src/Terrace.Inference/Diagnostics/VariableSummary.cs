using Terrace.Inference.Posterior;

namespace Terrace.Inference.Diagnostics;

/// <summary>The posterior summary of one variable with its diagnostics.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Mcse">The Monte Carlo standard error of the mean.</param>
/// <param name="Sd">The standard deviation.</param>
/// <param name="Q5">The 5 % quantile.</param>
/// <param name="Q50">The median.</param>
/// <param name="Q95">The 95 % quantile.</param>
/// <param name="Rhat">R̂.</param>
/// <param name="EssBulk">The bulk effective sample size.</param>
/// <param name="EssTail">The tail effective sample size.</param>
public sealed record VariableSummary(string Name, double Mean, double Mcse, double Sd, double Q5, double Q50, double Q95, double Rhat, double EssBulk, double EssTail)
{
    /// <summary>The summary of draws given chain after chain.</summary>
    public static VariableSummary Of(string name, ReadOnlySpan<double> draws, int chains)
    {
        double[] quantiles = SampleQuantile.Of(draws, [0.05, 0.5, 0.95]);
        double rhat = double.NaN, bulk = double.NaN;
        if (ChainHalves.AreUsable(draws))
        {
            double[] scores = RankNormalisation.Of(ChainHalves.Of(draws, chains));
            (rhat, bulk) = (Diagnostics.Rhat.Of(draws, scores, chains), Ess.OfScores(scores, chains));
        }
        return new VariableSummary(name, SampleMoments.Mean(draws), Diagnostics.Mcse.OfMean(draws, chains), SampleMoments.StandardDeviation(draws), quantiles[0], quantiles[1], quantiles[2],
            rhat, bulk, Ess.Tail(draws, chains, quantiles[0], quantiles[2]));
    }

    /// <summary>The summaries of all columns, in order; the number of threads does not change them.</summary>
    public static VariableSummary[] OfAll(Draws draws, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var summaries = new VariableSummary[draws.Layout.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
        Parallel.For(0, summaries.Length, options, column => summaries[column] = Of(draws.Layout.Columns[column], draws.Column(column), draws.Chains));
        return summaries;
    }
}
