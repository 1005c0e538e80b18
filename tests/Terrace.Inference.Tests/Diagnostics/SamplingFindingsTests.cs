using Terrace.Inference.Diagnostics;
using Terrace.Inference.Posterior;

namespace Terrace.Inference.Tests.Diagnostics;

public class SamplingFindingsTests
{
    [Fact]
    public void A_good_run_has_no_findings() => Assert.Empty(SamplingFindings.Of([Summary("a", 1.001, 2000, 1800)], 4, Statistics(false, 5, 1), 10));

    [Fact]
    public void Every_fault_is_named_with_the_worst_variable_first()
    {
        IReadOnlyList<Finding> findings = SamplingFindings.Of([Summary("a", 1.02, 90, 500), Summary("b", 1.3, 300, 20), Summary("c", 1, 900, 900)], 4, Statistics(true, 10, 0), 10);
        Assert.Equal(["divergences", "max-treedepth", "low-ebfmi", "high-rhat", "low-ess"], findings.Select(finding => finding.Code));
        Assert.Equal(["b", "a"], findings[3].Variables);
        Assert.Equal(["b", "a"], findings[4].Variables);
        Assert.Contains("2 of 20 iterations diverged", findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_energy_fraction_is_that_of_its_definition() =>
        Assert.Equal([(1 + 4 + 1) / 5.0, double.NaN], Ebfmi.Of([1, 2, 4, 3, 7, 7, 7, 7], 2));

    private static VariableSummary Summary(string name, double rhat, double bulk, double tail) => new(name, 0, 0, 1, -1, 0, 1, rhat, bulk, tail);

    /// <summary>Two chains of ten iterations; the energy alternates or, with <paramref name="noise"/> 0, drifts.</summary>
    private static SamplerStatistics Statistics(bool divergent, int depth, int noise) => new(2, 10, new double[20], new double[20], new double[20], [.. Enumerable.Repeat(depth, 20)], new int[20],
        [.. Enumerable.Range(0, 20).Select(i => divergent && i < 2)], [.. Enumerable.Range(0, 20).Select(i => noise == 1 ? i % 2 : (double)(i % 10))]);
}
