using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Sampling;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class GibbsTests
{
    /// <summary>Mean n tanh(z/2)/(2z) and variance n (sinh z − z)/(4z³ cosh²(z/2)) of Pólya–Gamma variables; 40,000 draws, |z| below 5 in ten comparisons: a false alarm of 6e-6.</summary>
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(1, 0.7)]
    [InlineData(1, 4.0)]
    [InlineData(3, -2.0)]
    [InlineData(7, 12.0)]
    public void Polya_gamma_draws_have_their_moments(int n, double z)
    {
        const int draws = 40_000;
        var rng = new Rng(5, (ulong)n);
        double[] values = [.. Enumerable.Range(0, draws).Select(_ => PolyaGamma.Draw(n, z, rng))];
        double mean = z == 0 ? n / 4.0 : n * Math.Tanh(z / 2) / (2 * z);
        double variance = z == 0 ? n / 24.0 : n * (Math.Sinh(Math.Abs(z)) - Math.Abs(z)) / (4 * Math.Pow(Math.Abs(z), 3) * Math.Pow(Math.Cosh(z / 2), 2));
        double own = values.Average(), spread = values.Average(v => (v - mean) * (v - mean)), fourth = values.Average(v => Math.Pow(v - mean, 4));
        Assert.True(Math.Abs(own - mean) < 5 * Math.Sqrt(variance / draws), $"mean {own}, expected {mean}");
        Assert.True(Math.Abs(spread - variance) < 5 * Math.Sqrt((fourth - spread * spread) / draws), $"variance {spread}, expected {variance}");
    }

    /// <summary>Every mean within 4.5 combined Monte Carlo errors of Hamiltonian sampling (about 100 comparisons a case: a false alarm of 7e-4), standard deviations within 20 %.</summary>
    [Theory]
    [InlineData("log_radon ~ floor + (1 + floor | county)", "radon", "gaussian", PriorPreset.Rstanarm)]
    [InlineData("log_radon ~ floor + (1 | county)", "radon", "gaussian", PriorPreset.Rstanarm)]
    [InlineData("cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", "binomial", PriorPreset.Rstanarm)]
    public void The_posterior_is_that_of_Hamiltonian_sampling(string formula, string data, string family, PriorPreset preset)
    {
        ModelOutline outline = Outline(formula, data, family);
        var settings = new BayesianSettings { Preset = preset, Sampling = new NutsOptions { Warmup = 500, Iterations = 2000, AdaptDelta = 0.95, MaxTreeDepth = 12 } };
        BayesianFit gibbs = BayesianFit.Sample(outline, settings with { Engine = "gibbs" }), nuts = BayesianFit.Sample(outline, settings);
        Assert.Equal("gibbs", gibbs.Engine);
        for (int v = 0; v < nuts.Summaries.Count; v++)
        {
            VariableSummary own = gibbs.Summaries[v], other = nuts.Summaries[v];
            double error = Math.Sqrt(own.Mcse * own.Mcse + other.Mcse * other.Mcse);
            Assert.True(Math.Abs(own.Mean - other.Mean) < 4.5 * error, $"{own.Name}: mean {own.Mean}, {other.Mean} by Hamiltonian sampling, error {error}");
            Assert.Equal(1, own.Sd / other.Sd, 0.2);
        }
    }

    [Fact]
    public void The_seed_fixes_the_draws_whatever_the_threads()
    {
        double[] One(int threads, ulong seed) => BayesianFit.Sample(Outline("log_radon ~ floor + (1 | county)", "radon", "gaussian"),
            new BayesianSettings { Engine = "gibbs", Sampling = new NutsOptions { Chains = 3, Warmup = 20, Iterations = 30, Threads = threads, Seed = seed } }).Draws.Column("sigma").ToArray();
        Assert.Equal(One(1, 2), One(3, 2));
        Assert.NotEqual(One(1, 2), One(1, 3));
    }

    [Theory]
    [InlineData("use ~ urban + (1 | district)", "Contraception", "binomial", "probit", "logit link")]
    [InlineData("count ~ mined + (1 | site)", "Salamanders", "poisson", "log", "gaussian")]
    public void Other_models_are_refused_with_the_way_out(string formula, string data, string family, string link, string part)
    {
        ModelOutline outline = ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data)).Encode(Fixtures.Data(data)), Family.Parse(family, link));
        string message = Assert.Throws<ModelException>(() => BayesianFit.Sample(outline, new BayesianSettings { Engine = "gibbs" })).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.Contains("nuts", message, StringComparison.Ordinal);
    }

    private static ModelOutline Outline(string formula, string data, string family) => ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data)).Encode(Fixtures.Data(data)), Family.Parse(family));
}
