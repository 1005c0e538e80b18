using System.Globalization;
using Terrace.Inference.Posterior;

namespace Terrace.Inference.Diagnostics;

/// <summary>
/// The verdict on a run of chains. Thresholds are those of Vehtari et al. (2021), Rank-normalization, folding, and localization, section 4.5 (R̂ above 1.01, effective sample sizes below 100 for each chain), of
/// Betancourt (2016) for the energy (below 0.3), and of Stan (any divergence; tree depth at its limit). Checked in <c>SamplingFindingsTests</c>.
/// </summary>
public static class SamplingFindings
{
    private const double LargestRhat = 1.01, SmallestEbfmi = 0.3;
    private const int EssPerChain = 100, Shown = 5;

    /// <summary>What is wrong; empty where nothing is.</summary>
    /// <param name="summaries">The summaries of the variables that matter.</param>
    /// <param name="chains">The number of chains.</param>
    /// <param name="statistics">How the iterations went; null where the sampler has no such statistics.</param>
    /// <param name="maxTreeDepth">The limit of the tree depth; null where there is none.</param>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<VariableSummary> summaries, int chains, SamplerStatistics? statistics = null, int? maxTreeDepth = null)
    {
        ArgumentNullException.ThrowIfNull(summaries);
        var findings = new List<Finding>();
        if (statistics is not null) findings.AddRange(OfTrajectories(statistics, maxTreeDepth));
        findings.AddRange(OfVariables(summaries, chains));
        return findings;
    }

    private static IEnumerable<Finding> OfTrajectories(SamplerStatistics statistics, int? maxTreeDepth)
    {
        int draws = statistics.Divergent.Count, divergent = statistics.Divergent.Count(d => d);
        if (divergent > 0)
        {
            yield return new Finding("divergences", Text($"{divergent} of {draws} iterations diverged: part of the posterior was not reached, so that estimates may be biased and intervals too short. Raise the target acceptance (--adapt-delta 0.99); if that does not help, give stronger priors to standard deviations or simplify the model."), []);
        }
        int deep = maxTreeDepth is { } limit ? statistics.TreeDepth.Count(depth => depth >= limit) : 0;
        if (deep > 0)
        {
            yield return new Finding("max-treedepth", Text($"{deep} of {draws} iterations ended at the largest tree depth, {maxTreeDepth}: the estimates are right, but each draw tells less than it could. Raise --max-treedepth, or rescale variables."), []);
        }
        double[] ebfmi = Ebfmi.Of(statistics.Energy, statistics.Chains);
        string low = string.Join(", ", ebfmi.Select((value, chain) => (value, chain)).Where(e => e.value < SmallestEbfmi).Select(e => Text($"chain {e.chain + 1}: {e.value:0.00}")));
        if (low.Length > 0)
        {
            yield return new Finding("low-ebfmi", $"The energy moves too slowly ({low}, below {SmallestEbfmi.ToString(CultureInfo.InvariantCulture)}): the tails may be explored badly, so that outer quantiles are uncertain. Give stronger priors to standard deviations, or more iterations.", []);
        }
    }

    private static IEnumerable<Finding> OfVariables(IReadOnlyList<VariableSummary> summaries, int chains)
    {
        VariableSummary[] apart = [.. summaries.Where(s => s.Rhat > LargestRhat).OrderByDescending(s => s.Rhat)];
        if (apart.Length > 0)
        {
            yield return new Finding("high-rhat", Text($"The chains disagree on {Names(apart, s => Text($"{s.Rhat:0.00}"))}: R-hat is above {LargestRhat}, so that the draws do not represent the posterior of these yet. Run more iterations (--warmup and --draws); if that does not help, look for parameters that the data do not tell apart."), [.. apart.Select(s => s.Name)]);
        }
        double enough = EssPerChain * chains;
        VariableSummary[] poor = [.. summaries.Where(s => Math.Min(s.EssBulk, s.EssTail) < enough).OrderBy(s => Math.Min(s.EssBulk, s.EssTail))];
        if (poor.Length > 0)
        {
            yield return new Finding("low-ess", Text($"The draws of {Names(poor, s => Text($"{Math.Min(s.EssBulk, s.EssTail):0}"))} tell as much as fewer than {enough} independent ones: means and quantiles have Monte Carlo errors worth noticing. Run more iterations (--draws)."), [.. poor.Select(s => s.Name)]);
        }
    }

    private static string Names(VariableSummary[] worst, Func<VariableSummary, string> value) =>
        string.Join(", ", worst.Take(Shown).Select(s => $"{s.Name} ({value(s)})")) + (worst.Length > Shown ? $" and {worst.Length - Shown} more" : "");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
