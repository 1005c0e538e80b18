using Terrace.Bayes;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Sampling;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class PosteriorApproximationTests
{
    /// <summary>In whitened coordinates both are near the posterior: means and standard deviations within the shares given of its standard deviations.</summary>
    [Theory]
    [InlineData("pathfinder", 0.15, 0.15)]
    [InlineData("meanfield", 0.5, 0.35)]
    public void Approximations_of_a_varying_intercept_model_come_near_full_sampling(string engine, double mean, double sd)
    {
        ModelOutline outline = Outline("log_radon ~ floor + (1 | county)");
        BayesianFit fit = BayesianFit.Sample(outline, new BayesianSettings { Engine = engine }), nuts = BayesianFit.Sample(outline, new BayesianSettings());
        Assert.Equal(engine, fit.Engine);
        Assert.True(fit.IsApproximation);
        Assert.True(fit.Approximation!.KHat < 0.7, $"{fit.Approximation}");
        Assert.Equal(4000, fit.Draws.Count);
        foreach (string name in new[] { "b[(Intercept)]", "b[floor]", "sd[county,(Intercept)]", "sigma" })
        {
            Assert.True(Math.Abs(fit.Summary(name).Mean - nuts.Summary(name).Mean) < mean * nuts.Summary(name).Sd, $"{name}: {fit.Summary(name).Mean}, {nuts.Summary(name).Mean} by full sampling");
            Assert.Equal(1, fit.Summary(name).Sd / nuts.Summary(name).Sd, sd);
        }
    }

    [Fact]
    public void Models_without_groups_are_approximated_as_they_are()
    {
        BayesianFit fit = BayesianFit.Sample(Outline("log_radon ~ floor + log_uranium"), new BayesianSettings { Engine = "pathfinder", Sampling = new NutsOptions { Seed = 3 } });
        Assert.True(fit.Approximation!.Accepted, $"{fit.Approximation}");
        Assert.DoesNotContain("whitened", fit.Sampler, StringComparison.Ordinal);
        Assert.Empty(fit.Warnings);
    }

    private static ModelOutline Outline(string formula) => ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data("radon")).Encode(Fixtures.Data("radon")), Family.Gaussian());
}
