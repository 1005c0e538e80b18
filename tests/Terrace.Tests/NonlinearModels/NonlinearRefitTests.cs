using Terrace.MixedModels;
using Terrace.NonlinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.NonlinearModels;

public class NonlinearRefitTests
{
    private const string Curve = "circumference ~ SSlogis(age, Asym, xmid, scal)";
    private static readonly Lazy<NonlinearModelFit> Pooled = new(() => NonlinearFixture.FitNls(Curve, Fixtures.Data("Orange")));
    private static readonly Lazy<NonlinearMixedModelFit> Trees = new(() => NonlinearMixedModelTests.Fit(Curve + " ~ Asym | Tree", Fixtures.Data("Orange")));

    [Fact]
    public void The_original_response_gives_the_original_estimates()
    {
        double[] response = [.. Pooled.Value.FittedValues().Zip(Pooled.Value.Residuals(), (mean, residual) => mean + residual)];
        NonlinearModelFit pooled = NonlinearRefit.Of(Pooled.Value, response);
        NonlinearMixedModelFit mixed = NonlinearRefit.Of(Trees.Value, response);
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(1, pooled.Estimates.Values[j] / Pooled.Value.Estimates.Values[j], 1e-7);
            Assert.Equal(1, mixed.Beta[j] / Trees.Value.Beta[j], 1e-6);
        }
        Assert.Equal(Trees.Value.LogLikelihood, mixed.LogLikelihood, 1e-7);
        Assert.Contains("35 rows", Assert.Throws<ModelException>(() => NonlinearRefit.Of(Pooled.Value, [1, 2])).Message, StringComparison.Ordinal);
    }

    /// <summary>Simulated responses about the curve: their residual variance is σ², 400 draws of 35 rows, |z| below 4.5 (a false alarm of 7e-6); with new effects the trees add theirs.</summary>
    [Fact]
    public void Simulated_responses_have_the_variance_of_the_model()
    {
        double Squares(IReadOnlyList<double[]> draws, double[] mean) => draws.SelectMany(draw => draw.Zip(mean, (y, m) => (y - m) * (y - m))).Average();
        double[] pooled = Pooled.Value.FittedValues(), trees = Trees.Value.FittedValues();
        double error = Math.Sqrt(2.0 / (400 * 35)), sigma = Trees.Value.Sigma;
        Assert.Equal(1, Squares(NonlinearSimulation.Responses(Pooled.Value, 400, 2), pooled) / Math.Pow(Pooled.Value.Sigma, 2), 4.5 * error);
        Assert.Equal(1, Squares(NonlinearSimulation.Responses(Trees.Value, 400, 2, keepGroupEffects: true), trees) / (sigma * sigma), 4.5 * error);
        Assert.True(Squares(NonlinearSimulation.Responses(Trees.Value, 400, 2), trees) > 3 * sigma * sigma);
    }

    /// <summary>200 replicates have a relative error of 5 %; the curve is mildly nonlinear, so the bootstrap's errors may be larger than those of the tangent plane.</summary>
    [Fact]
    public void A_bootstrap_has_about_the_standard_errors_of_the_tangent_plane()
    {
        BootstrapResult result = NonlinearBootstrap.Run(Trees.Value, new BootstrapOptions { Replicates = 100, Threads = 2 });
        Assert.Equal([".sig01", ".sigma", "Asym", "xmid", "scal"], result.Names);
        Assert.Empty(result.Failed);
        double[] errors = Trees.Value.StandardErrors();
        for (int j = 0; j < 3; j++) Assert.InRange(result.StandardError(2 + j) / errors[j], 0.7, 1.5);
        BootstrapResult again = NonlinearBootstrap.Run(Trees.Value, new BootstrapOptions { Replicates = 6, Threads = 1 });
        for (int j = 0; j < 5; j++) Assert.Equal(result.Value(5, j), again.Value(5, j));
        BootstrapResult pooled = NonlinearBootstrap.Run(Pooled.Value, new BootstrapOptions { Replicates = 60 });
        for (int j = 0; j < 3; j++) Assert.InRange(pooled.StandardError(j) / Pooled.Value.Estimates.StandardErrors()[j], 0.6, 1.8);
    }

    [Fact]
    public void Searches_from_other_starts_end_at_the_optimum_of_the_fit()
    {
        RestartCheck check = NonlinearRestarts.Of(Trees.Value, 3);
        Assert.True(check.FitIsBest && check.Agreeing == 5, check.Verdict);
        Assert.Equal(Trees.Value.Terms[0].StandardDeviation(0), check.Searches[0].StandardDeviations[0], 1e-3);
        Assert.True(Trees.Value.Convergence.Converged);
        Assert.Single(Trees.Value.PrincipalComponents());
    }
}
