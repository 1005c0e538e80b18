using Terrace.DistributionalModels;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.DistributionalModels;

public class DistributionalRefitTests
{
    [Theory]
    [InlineData("glmmtmb_owls_nbinom2")]
    [InlineData("glmmtmb_salamanders_zinb")]
    [InlineData("glmmtmb_cbpp_betabinomial")]
    [InlineData("glmmtmb_repvote_beta")]
    [InlineData("glm_nb_owls")]
    public void The_original_response_gives_the_original_estimates(string name)
    {
        DistributionalModelFit fit = DistributionalFixture.Fit(name);
        RefittedDistributionalModel again = new DistributionalRefit(fit).Fit(fit.Response);
        Assert.Equal(fit.LogLikelihood, again.LogLikelihood, 1e-7 * Math.Abs(fit.LogLikelihood));
        double[] expected = DistributionalParameterList.Of(fit).Values(fit.Theta, fit.Components), own = again.ParameterValues();
        for (int k = 0; k < own.Length; k++) Assert.True(Math.Abs(own[k] - expected[k]) < 1e-4 * Math.Max(1, Math.Abs(expected[k])), $"{name} {k}: {own[k]}, expected {expected[k]}");
    }

    [Theory]
    [InlineData("glmmtmb_owls_nbinom1")]
    [InlineData("glmmtmb_salamanders_hurdle_poisson")]
    [InlineData("glmmtmb_cbpp_betabinomial")]
    public void Refits_of_simulated_responses_are_those_of_complete_fits(string name)
    {
        DistributionalModelFit fit = DistributionalFixture.Fit(name);
        var refit = new DistributionalRefit(fit);
        foreach (double[] response in DistributionalSimulation.Responses(fit, 3, 11))
        {
            RefittedDistributionalModel quick = refit.Fit(response);
            DistributionalModelFit complete = refit.FitCompletely(response);
            Assert.True(quick.LogLikelihood > complete.LogLikelihood - 1e-5, $"{quick.LogLikelihood} below {complete.LogLikelihood}");
            Assert.Equal(complete.LogLikelihood, quick.LogLikelihood, 1e-4);
            for (int k = 0; k < fit.Theta.Length; k++) Assert.Equal(complete.Theta[k], quick.Theta[k], 2e-3);
        }
    }

    [Fact]
    public void Ordered_responses_are_refitted_by_their_positions()
    {
        DistributionalModelFit fit = DistributionalProfileTests.Cylinders.Value;
        var refit = new DistributionalRefit(fit);
        Assert.Equal(fit.LogLikelihood, refit.Fit(fit.Response).LogLikelihood, 1e-8);
        Assert.Contains("position", Assert.Throws<ModelException>(() => refit.Fit([.. fit.Response.Select(y => y + 1)])).Message, StringComparison.Ordinal);
        Assert.Contains("32 rows", Assert.Throws<ModelException>(() => refit.Fit([1, 2])).Message, StringComparison.Ordinal);
    }

    /// <summary>The bootstrap's standard errors against those of the Hessian: they agree in a large sample; 200 replicates have a relative error of 5 %, so 25 % is 5 of them.</summary>
    [Fact]
    public void A_bootstrap_has_the_standard_errors_of_the_hessian()
    {
        DistributionalModelFit fit = DistributionalFixture.Fit("glm_nb_owls");
        BootstrapResult result = DistributionalBootstrap.Run(fit, new BootstrapOptions { Replicates = 200, Threads = 2 });
        Assert.Empty(result.Failed);
        double[] errors = [.. fit.Conditional.StandardErrors(fit.Covariance), fit.Parameters[0].StdError];
        Assert.Equal(["(Intercept)", "FoodTreatmentSatiated", "phi"], result.Names);
        for (int k = 0; k < 3; k++) Assert.Equal(1, result.StandardError(k) / errors[k], 0.25);
    }

    [Fact]
    public void A_bootstrap_is_the_same_on_any_threads_and_after_an_interruption()
    {
        using var folder = new TemporaryFolder();
        DistributionalModelFit fit = DistributionalFixture.Fit("glmmtmb_cbpp_betabinomial");
        var options = new BootstrapOptions { Replicates = 12, Seed = 4 };
        BootstrapResult one = DistributionalBootstrap.Run(fit, options), three = DistributionalBootstrap.Run(fit, options with { Threads = 3 });
        string file = folder["b.replicates"];
        DistributionalBootstrap.Run(fit, options with { Replicates = 5, CheckpointFile = file });
        BootstrapResult resumed = DistributionalBootstrap.Run(fit, options with { CheckpointFile = file, Resume = true });
        Assert.Equal(All(one), All(three));
        Assert.Equal(All(one), All(resumed));
        DistributionalModelFit other = DistributionalFixture.Fit("glmmtmb_owls_nbinom2");
        Assert.Contains("another bootstrap", Assert.Throws<ModelException>(() => DistributionalBootstrap.Run(other, options with { CheckpointFile = file, Resume = true })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("glmmtmb_owls_nbinom2")]
    [InlineData("glm_nb_owls")]
    public void Searches_from_other_starts_end_at_the_optimum_of_the_fit(string name)
    {
        DistributionalModelFit fit = DistributionalFixture.Fit(name);
        RestartCheck check = DistributionalRestarts.Of(fit, 4);
        Assert.True(check.FitIsBest, check.Verdict);
        Assert.True(check.Agreeing >= 4, check.Verdict);
        Assert.Equal(fit.LogLikelihood, check.Searches[0].LogLikelihood, 1e-5);
        Assert.True(fit.CheckConvergence().Converged, fit.CheckConvergence().Verdict);
    }

    private static double[] All(BootstrapResult result) => [.. from r in Enumerable.Range(0, result.Replicates) from k in Enumerable.Range(0, result.Names.Count) select result.Value(r, k)];
}
