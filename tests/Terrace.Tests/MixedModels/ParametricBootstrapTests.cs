using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class ParametricBootstrapTests
{
    private static readonly Lazy<MixedModelFit> Students = new(() => Fit("pass ~ hours + prior + (1 | class)", "students_1000"));

    [Fact]
    public void Standard_deviations_agree_with_lme4_s_bootMer()
    {
        // lme4 1.1-31: bootMer(glmer(pass ~ hours + prior + (1 | class), binomial), nsim = 999): sds of intercept, hours, prior and class sd.
        double[] reference = [0.19636528, 0.29574153, 0.02913194, 0.08003942];
        var result = ParametricBootstrap.Run(Students.Value, new BootstrapOptions { Replicates = 999, Threads = 2 });
        Assert.Equal([".sig01", "(Intercept)", "hours", "prior"], result.Names);
        Assert.Empty(result.Failed);
        Assert.InRange(result.Singular, 5, 45);
        // Four Monte Carlo errors of both runs: 4 √2 2.3 % = 13 %; false alarm 3e-4 in all.
        for (int j = 0; j < 4; j++) Assert.Equal(1, result.StandardError(j) / reference[j], 0.13);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        var options = new BootstrapOptions { Replicates = 40, Seed = 9 };
        var one = ParametricBootstrap.Run(Students.Value, options);
        var three = ParametricBootstrap.Run(Students.Value, options with { Threads = 3 });
        var other = ParametricBootstrap.Run(Students.Value, options with { Seed = 10 });
        Assert.Equal(All(one), All(three));
        Assert.NotEqual(All(one), All(other));
        var sleep = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        Assert.Equal(All(ParametricBootstrap.Run(sleep, options)), All(ParametricBootstrap.Run(sleep, options with { Threads = 3 })));
    }

    [Fact]
    public void Replicates_are_refits_of_the_simulated_responses()
    {
        var sleep = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        var result = ParametricBootstrap.Run(sleep, new BootstrapOptions { Replicates = 3, Seed = 9, KeepGroupEffects = true });
        double[] expected = new MixedModelRefit(sleep).Fit(Simulate.Responses(sleep, 3, 9, keepGroupEffects: true)[2]).ParameterValues();
        for (int j = 0; j < expected.Length; j++) Assert.Equal(expected[j], result.Value(2, j));
    }

    [Fact]
    public void Kept_group_effects_leave_the_intercept_less_free()
    {
        var options = new BootstrapOptions { Replicates = 300, Threads = 2 };
        double free = ParametricBootstrap.Run(Students.Value, options).StandardError(1);
        double kept = ParametricBootstrap.Run(Students.Value, options with { KeepGroupEffects = true }).StandardError(1);
        Assert.InRange(kept / free, 0.3, 0.85);
    }

    [Fact]
    public void Any_statistic_may_be_bootstrapped()
    {
        var statistic = new BootstrapStatistic(["ratio"], (model, values) => values[0] = model.Beta[1] / model.Beta[2]);
        var result = ParametricBootstrap.Run(Students.Value, new BootstrapOptions { Replicates = 20 }, statistic);
        Assert.Equal(Students.Value.Beta[1] / Students.Value.Beta[2], result.Estimates[0]);
        Assert.Equal(20, result.Defined(0));
    }

    [Fact]
    public void Intervals_are_those_of_their_definitions()
    {
        var result = ParametricBootstrap.Run(Students.Value, new BootstrapOptions { Replicates = 199, Threads = 2 });
        double[] sorted = [.. Enumerable.Range(0, 199).Select(r => result.Value(r, 2)).Order()];
        // (R + 1) α = 5 and 195 for R = 199 and 95 %.
        Assert.Equal((sorted[4], sorted[194]), result.Interval(2));
        var basic = result.Interval(2, 0.95, BootstrapIntervalKind.Basic);
        Assert.Equal(2 * result.Estimates[2] - sorted[194], basic.Lower, 1e-14);
        Assert.Equal(2 * result.Estimates[2] - sorted[4], basic.Upper, 1e-14);
        var normal = result.Interval(2, 0.9, BootstrapIntervalKind.Normal);
        Assert.Equal(2 * result.Estimates[2] - sorted.Average(), (normal.Lower + normal.Upper) / 2, 1e-12);
        Assert.Equal(2 * Normal.Quantile(0.95) * result.StandardError(2), normal.Upper - normal.Lower, 1e-12);
    }

    [Fact]
    public void Replicates_that_cannot_be_fitted_are_counted_and_say_why()
    {
        // 24 trials with a success rate near 1: many simulated responses have successes only.
        var fit = Fit("y ~ 1 + (1 | g)", RareFailures());
        var result = ParametricBootstrap.Run(fit, new BootstrapOptions { Replicates = 60 });
        Assert.NotEmpty(result.Failed);
        Assert.All(result.Failed, f => Assert.Contains("does not vary", f.Message, StringComparison.Ordinal));
        Assert.All(result.Failed, f => Assert.True(double.IsNaN(result.Value(f.Replicate, 0))));
        Assert.Equal(60 - result.Failed.Count, result.Defined(1));
    }

    [Fact]
    public void Cancellation_ends_a_bootstrap()
    {
        using var source = new CancellationTokenSource();
        var progress = new CancelAt(5, source);
        Assert.ThrowsAny<OperationCanceledException>(() => ParametricBootstrap.Run(Students.Value, new BootstrapOptions { Replicates = 1_000_000, Progress = progress }, null, source.Token));
        Assert.InRange(progress.Largest, 5, 500);
    }

    private static double[] All(BootstrapResult result) => [.. from r in Enumerable.Range(0, result.Replicates) from j in Enumerable.Range(0, result.Names.Count) select result.Value(r, j)];

    internal static MixedModelFit Fit(string formula, string data) => Fit(formula, Fixtures.Data(data));

    internal static MixedModelFit Fit(string formula, Terrace.Data.Frame data) =>
        GeneralizedLinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse(formula), data).Encode(data), Family.Binomial());

    private static Terrace.Data.Frame RareFailures() => new(
    [
        new Terrace.Data.IntegerColumn("y", [.. Enumerable.Range(0, 24).Select(i => i == 3 || i == 16 ? 0L : 1)]),
        new Terrace.Data.TextColumn("g", [.. Enumerable.Range(0, 24).Select(i => "abcdef"[i / 4].ToString())]),
    ]);

    private sealed class CancelAt(int replicate, CancellationTokenSource source) : IProgress<ReplicateProgress>
    {
        public int Largest { get; private set; }

        public void Report(ReplicateProgress value)
        {
            Largest = Math.Max(Largest, value.Done);
            if (value.Done == replicate) source.Cancel();
        }
    }
}
