using System.Globalization;
using System.Text.Json;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Posterior;
using Terrace.Inference.Tests.TestData;

namespace Terrace.Inference.Tests.Diagnostics;

/// <summary>Every diagnostic of the R package posterior 1.4.0 on fixed draws: four chains of 1000, two of 501, one of 200, of nine variables that mix well, slowly, not at all, have no mean, are constant, or are discrete.</summary>
public class DiagnosticsReferenceTests
{
    private const double Tolerance = 1e-8;
    private static readonly Dictionary<string, double[]> Table = BayesFixtures.Table("diagnostics_draws");
    private static readonly JsonElement Reference = BayesFixtures.Json("diagnostics_posterior");

    public static TheoryData<string, int, int, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int, string>();
            foreach ((string set, int chains, int length) in new[] { ("all_4x1000", 4, 1000), ("first_two_chains_501_iterations", 2, 501), ("chain1_first_200", 1, 200) })
                foreach (JsonProperty variable in Reference.GetProperty(set).EnumerateObject()) cases.Add(set, chains, length, variable.Name);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Diagnostics_are_those_of_posterior(string set, int chains, int length, string variable)
    {
        JsonElement expected = Reference.GetProperty(set).GetProperty(variable);
        double[] draws = [.. Enumerable.Range(0, chains).SelectMany(chain => Table[variable].Skip(1000 * chain).Take(length))];
        Assert.Multiple(
            () => Same(expected, "rhat", Rhat.Of(draws, chains)),
            () => Same(expected, "rhat_basic", Rhat.Basic(draws, chains)),
            () => Same(expected, "rhat_basic_nosplit", Rhat.Basic(draws, chains, split: false)),
            () => Same(expected, "ess_bulk", Ess.Bulk(draws, chains)),
            () => Same(expected, "ess_tail", Ess.Tail(draws, chains)),
            () => Same(expected, "ess_mean", Ess.OfMean(draws, chains)),
            () => Same(expected, "ess_basic", Ess.OfMean(draws, chains)),
            () => Same(expected, "ess_median", Ess.OfMedian(draws, chains)),
            () => Same(expected, "ess_sd", Ess.OfStandardDeviation(draws, chains)),
            () => Same(expected, "mcse_mean", Mcse.OfMean(draws, chains)),
            () => Same(expected, "mcse_sd", Mcse.OfStandardDeviation(draws, chains)),
            () => Same(expected, "mcse_median", Mcse.OfMedian(draws, chains)),
            () => Quantiles(expected, "ess_quantile", p => Ess.OfQuantile(draws, chains, p)),
            () => Quantiles(expected, "mcse_quantile", p => Mcse.OfQuantile(draws, chains, p)),
            () => Quantiles(expected, "quantiles", p => SampleQuantile.Of(draws, p)));
    }

    [Theory]
    [InlineData("good")]
    [InlineData("slow")]
    public void Autocovariances_are_those_of_posterior(string variable)
    {
        var covariance = new Autocovariance(Table[variable].AsSpan(0, 1000));
        int lag = 0;
        foreach (JsonElement value in Reference.GetProperty("all_4x1000").GetProperty(variable).GetProperty("autocovariance_chain1_lag0_10").EnumerateArray())
            Close(value.Number(), covariance[lag++], "autocovariance");
    }

    [Fact]
    public void Autocovariances_by_Fourier_transforms_are_the_sums_that_define_them()
    {
        double[] chain = Table["slow"][..777];
        var covariance = new Autocovariance(chain);
        double mean = chain.Average();
        foreach (int lag in new[] { 63, 64, 65, 300, 776 })
        {
            double sum = 0;
            for (int i = 0; i + lag < chain.Length; i++) sum += (chain[i] - mean) * (chain[i + lag] - mean);
            Assert.Equal(sum / chain.Length, covariance[lag], 1e-12);
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_change_summaries()
    {
        var layout = new VariableLayout(Table.Keys.Skip(2).Select(name => new Variable(name)));
        var draws = new Draws(layout, 4, 1000, [.. Table.Skip(2).SelectMany(column => column.Value)]);
        Assert.Equal(VariableSummary.OfAll(draws, 1), VariableSummary.OfAll(draws, 4));
    }

    private static void Quantiles(JsonElement expected, string name, Func<double, double> own)
    {
        if (expected.GetProperty(name).ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty quantile in expected.GetProperty(name).EnumerateObject())
            Close(quantile.Value.Number(), own(double.Parse(quantile.Name[1..], CultureInfo.InvariantCulture) / 100), $"{name} {quantile.Name}");
    }

    private static void Same(JsonElement expected, string name, double own) => Close(expected.GetProperty(name).Number(), own, name);

    private static void Close(double expected, double own, string what) =>
        Assert.True(double.IsNaN(expected) ? double.IsNaN(own) : Math.Abs(own - expected) <= Tolerance * Math.Max(Math.Abs(expected), 1e-8), $"{what}: {own:R} against {expected:R}");
}
