using System.Text.Json;
using Terrace.DistributionalModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.DistributionalModels;

public class DistributionalFixtureTests
{
    [Theory]
    [InlineData("glmmtmb_owls_nbinom1")]
    [InlineData("glmmtmb_owls_nbinom2")]
    [InlineData("glmmtmb_owls_zip")]
    [InlineData("glmmtmb_salamanders_zinb")]
    [InlineData("glmmtmb_salamanders_dispersion_model")]
    [InlineData("glmmtmb_salamanders_hurdle_poisson")]
    [InlineData("glmmtmb_repvote_beta")]
    [InlineData("glmmtmb_cbpp_betabinomial")]
    public void Mixed_models_agree_with_glmmTMB(string name)
    {
        DistributionalModelFit fit = DistributionalFixture.Fit(name);
        JsonElement reference = Fixtures.Reference(name);
        Assert.True(fit.Converged);
        double logLik = reference.GetProperty("logLik").GetDouble();
        Assert.True(fit.LogLikelihood > logLik - 1e-5, $"log likelihood {fit.LogLikelihood:R}, glmmTMB {logLik:R}");
        Assert.Equal(logLik, fit.LogLikelihood, 4);
        Assert.Equal(reference.GetProperty("df").GetInt32(), fit.ParameterCount);
        Compare(reference.GetProperty("coef_table").GetProperty("cond"), fit, fit.Conditional);
        Compare(reference.GetProperty("coef_table").GetProperty("zi"), fit, fit.Find("zero-inflation"));
        if (fit.Find("dispersion") is { HasFormula: true } dispersion) Compare(reference.GetProperty("coef_table").GetProperty("disp"), fit, dispersion);
        else if (fit.Parameters.FirstOrDefault(parameter => parameter.Name == "phi") is { } phi) Close(reference.GetProperty("sigma").GetDouble(), phi.Estimate, 1e-4, "phi");
        JsonElement sd = reference.GetProperty("VarCorr").GetProperty("cond").GetProperty(fit.Terms[0].Group).GetProperty("sd");
        Assert.Equal(sd.GetDouble(), fit.Terms[0].StandardDeviation(0), 3);
        int row = 0;
        foreach (JsonElement value in reference.GetProperty("fitted_first20").EnumerateArray()) Close(value.GetDouble(), fit.Fitted[row], 1e-3, $"fitted value {row++}");
    }

    [Fact]
    public void A_negative_binomial_model_without_groups_agrees_with_glm_nb()
    {
        DistributionalModelFit fit = DistributionalFixture.Fit("glm_nb_owls");
        JsonElement reference = Fixtures.Reference("glm_nb_owls");
        Assert.Equal("ml", fit.Engine);
        Close(reference.GetProperty("logLik").GetDouble(), fit.LogLikelihood, 1e-9, "log likelihood");
        Close(reference.GetProperty("theta").GetDouble(), fit.Parameters[0].Estimate, 1e-6, "phi");
        Close(reference.GetProperty("se_theta").GetDouble(), fit.Parameters[0].StdError, 0.02, "standard error of phi");
        double[] estimates = DistributionalFixture.Column(reference.GetProperty("coef_table"), 0), errors = DistributionalFixture.Column(reference.GetProperty("coef_table"), 1);
        double[] own = fit.Conditional.StandardErrors(fit.Covariance);
        for (int j = 0; j < estimates.Length; j++)
        {
            Close(estimates[j], fit.Conditional.Estimates[j], 1e-6, fit.Conditional.Names[j]);
            Close(errors[j], own[j], 0.02, fit.Conditional.Names[j] + " standard error (MASS: expected information given theta)");
        }
    }

    private static void Compare(JsonElement table, DistributionalModelFit fit, ComponentFit? component)
    {
        if (table.ValueKind == JsonValueKind.Null) return;
        string[] names = [.. table.GetProperty("rows").EnumerateArray().Select(row => row.GetString()!)];
        Assert.Equal(names, component!.Names);
        double[] estimates = DistributionalFixture.Column(table, 0), errors = DistributionalFixture.Column(table, 1), own = component.StandardErrors(fit.Covariance);
        for (int j = 0; j < names.Length; j++)
        {
            Assert.True(Math.Abs(estimates[j] - component.Estimates[j]) <= 1e-3 * errors[j], $"{names[j]}: {component.Estimates[j]:R}, glmmTMB {estimates[j]:R}, standard error {errors[j]:R}");
            Close(errors[j], own[j], 1e-3, names[j] + " standard error");
        }
    }

    private static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-8), $"{what}: expected {expected:R}, got {actual:R}");
}
