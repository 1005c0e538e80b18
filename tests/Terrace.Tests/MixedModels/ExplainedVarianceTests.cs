using Terrace.MixedModels;

namespace Terrace.Tests.MixedModels;

public class ExplainedVarianceTests
{
    [Theory]
    [InlineData("sleep_slope", 1e-4)]
    [InlineData("radon_uranium", 1e-4)]
    [InlineData("radon_slope", 1e-3)]
    [InlineData("cbpp_logit", 1e-3)]
    [InlineData("cbpp_probit", 1e-3)]
    [InlineData("cbpp_cloglog", 2e-3)]
    [InlineData("owls_poisson", 1e-3)]
    [InlineData("theoph_gamma", 5e-3)]
    public void Shares_agree_with_the_published_formulas_applied_to_fits_of_lme4(string model, double tolerance)
    {
        var reference = DiagnosticsReference.Member("r2", model);
        var (fit, rows) = DiagnosticsReference.Fit(model);
        var explained = ExplainedVariance.Of(fit, rows, fit.Family.IsGaussian ? null : ExplainedVariance.NullModel(fit, rows));
        Close(reference.GetProperty("fixed")[0].GetDouble(), explained.FixedVariance, "fixed");
        Close(reference.GetProperty("random")[0].GetDouble(), explained.RandomVariance, "random");
        var measures = reference.GetProperty("measures");
        Assert.Equal(measures.EnumerateObject().Select(m => m.Name), explained.Measures.Select(m => m.Method));
        foreach (var measure in explained.Measures)
        {
            var expected = measures.GetProperty(measure.Method);
            Close(expected.GetProperty("residual")[0].GetDouble(), measure.ResidualVariance, measure.Method);
            Close(expected.GetProperty("marginal")[0].GetDouble(), measure.Marginal, measure.Method + " marginal");
            Close(expected.GetProperty("conditional")[0].GetDouble(), measure.Conditional, measure.Method + " conditional");
            Close(expected.GetProperty("adjusted")[0].GetDouble(), measure.AdjustedIcc, measure.Method + " adjusted");
            Close(expected.GetProperty("unadjusted")[0].GetDouble(), measure.UnadjustedIcc, measure.Method + " unadjusted");
            Assert.Equal(measure.AdjustedIcc, measure.Groups.Sum(g => g.Adjusted), 1e-12);
        }
        void Close(double expected, double actual, string what) => Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{model} {what}: {expected:R} {actual:R}");
    }

    [Fact]
    public void The_adjusted_icc_of_random_intercepts_is_that_of_the_fit()
    {
        var (fit, rows) = DiagnosticsReference.Fit("radon_uranium");
        Assert.Equal(fit.Icc!.Value, ExplainedVariance.Of(fit, rows).Measures[0].AdjustedIcc, 1e-12);
    }

    [Fact]
    public void Collapsed_rows_count_as_rows()
    {
        var rows = MixedFixture.Rows("lmer_radon_floor_uranium", collapse: false);
        var apart = ExplainedVariance.Of(LinearMixedModel.Fit(rows), rows);
        var (fit, cells) = DiagnosticsReference.Fit("radon_uranium");
        Assert.True(cells.Cells < cells.Rows);
        Assert.Equal(apart.FixedVariance, ExplainedVariance.Of(fit, cells).FixedVariance, 1e-8);
    }

    [Fact]
    public void Other_rows_are_refused()
    {
        var (fit, _) = DiagnosticsReference.Fit("radon_uranium");
        Assert.Throws<ArgumentException>(() => ExplainedVariance.Of(fit, MixedFixture.Rows("lmer_sleepstudy_slope_ML")));
    }
}
