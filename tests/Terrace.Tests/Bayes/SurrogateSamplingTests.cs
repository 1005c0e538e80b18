using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Sampling;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class SurrogateSamplingTests
{
    /// <summary>A survey of 11,566 answers: accepted, and every mean within 4.5 combined Monte Carlo errors of full sampling, standard deviations within 15 %.</summary>
    [Fact]
    public void A_large_survey_is_accepted_and_agrees_with_full_sampling()
    {
        ModelOutline outline = Outline("bush ~ female + black + (1 | state) + (1 | age:edu)", "election88_polls_all", Family.Binomial());
        BayesianFit approx = BayesianFit.Sample(outline, new BayesianSettings { Engine = "approx" }), nuts = BayesianFit.Sample(outline, new BayesianSettings());
        Assert.Equal("approx", approx.Engine);
        Assert.True(approx.Approximation is { Accepted: true, KHat: < 0.5, Efficiency: > 0.7 }, $"{approx.Approximation}");
        for (int v = 0; v < nuts.Summaries.Count; v++) AssertSame(approx.Summaries[v], nuts.Summaries[v]);
    }

    /// <summary>Of a linear model the surrogate is exact but for the coordinates: all importance ratios are equal.</summary>
    [Fact]
    public void A_linear_model_has_equal_ratios()
    {
        BayesianFit fit = BayesianFit.Sample(Outline("log_radon ~ floor + (1 | county)", "radon", Family.Gaussian()), new BayesianSettings { Engine = "approx" });
        Assert.True(fit.Approximation is { Accepted: true, Efficiency: > 0.9999 }, $"{fit.Approximation}");
        BayesianFit nuts = BayesianFit.Sample(Outline("log_radon ~ floor + (1 | county)", "radon", Family.Gaussian()), new BayesianSettings());
        for (int v = 0; v < nuts.Summaries.Count; v++) AssertSame(fit.Summaries[v], nuts.Summaries[v]);
    }

    /// <summary>Sparse yes-or-no answers, one or two a group, are far from quadratic: the check rejects, and full sampling takes over and says so.</summary>
    [Fact]
    public void Sparse_answers_are_rejected_and_sampled_in_full()
    {
        var rng = new Terrace.Numerics.RandomNumbers.Rng(8, 1);
        double[] y = new double[240];
        int[] group = new int[240];
        for (int i = 0; i < y.Length; i++)
        {
            group[i] = i / 2;
            y[i] = group[i] % 3 == 0 ? 1 : rng.NextDouble() < 0.05 ? 1 : 0;
        }
        var data = new Terrace.Data.Frame([new Terrace.Data.NumericColumn("y", y), new Terrace.Data.Factor("g", group, [.. Enumerable.Range(0, 120).Select(g => $"g{g}")])]);
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse("y ~ 1 + (1 | g)"), data).Encode(data), Family.Binomial());
        BayesianFit fit = BayesianFit.Sample(outline, new BayesianSettings { Engine = "approx", Sampling = new NutsOptions { Chains = 2, Warmup = 300, Iterations = 300, AdaptDelta = 0.9 } });
        Assert.Equal("nuts", fit.Engine);
        Assert.False(fit.Approximation!.Accepted);
        Assert.Contains(fit.Warnings, warning => warning.Code == "approx-rejected");
    }

    [Fact]
    public void What_has_no_whitened_coordinates_is_sampled_in_full()
    {
        BayesianFit fit = BayesianFit.Sample(Outline("log_radon ~ floor", "radon", Family.Gaussian()), new BayesianSettings { Engine = "approx", Sampling = new NutsOptions { Chains = 2, Warmup = 200, Iterations = 200 } });
        Assert.Equal("nuts", fit.Engine);
        Assert.Null(fit.Approximation);
        Assert.Contains("no group-level terms", fit.Warnings.Single(warning => warning.Code == "approx-rejected").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_seed_fixes_the_draws_whatever_the_threads()
    {
        BayesianModel model = Outline("log_radon ~ floor + (1 | county)", "radon", Family.Gaussian()) is var outline ? outline.With(DefaultPriors.Of(outline, PriorPreset.Rstanarm).Model) : throw new InvalidOperationException();
        double[] One(int threads) => SurrogateSampling.Run(model, new NutsOptions { Chains = 2, Iterations = 100, Threads = threads, Seed = 3 }, default).Result!.Draws.Column("sigma").ToArray();
        Assert.Equal(One(1), One(3));
    }

    private static ModelOutline Outline(string formula, string data, Family family) => ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data)).Encode(Fixtures.Data(data)), family);

    private static void AssertSame(VariableSummary own, VariableSummary other)
    {
        double error = Math.Sqrt(own.Mcse * own.Mcse + other.Mcse * other.Mcse);
        Assert.True(Math.Abs(own.Mean - other.Mean) < 4.5 * error, $"{own.Name}: mean {own.Mean}, {other.Mean} by full sampling, error {error}");
        Assert.Equal(1, own.Sd / other.Sd, 0.15);
    }
}
