using Terrace.Data;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class RestartCheckTests
{
    [Theory]
    [InlineData("sleep_slope")]
    [InlineData("radon_slope")]
    [InlineData("cbpp_logit")]
    [InlineData("theoph_gamma")]
    public void All_searches_of_a_well_behaved_model_end_at_the_fit(string model)
    {
        var (fit, rows) = DiagnosticsReference.Fit(model);
        var check = RestartCheck.Of(fit, rows, starts: 6);
        Assert.True(check.FitIsBest);
        Assert.True(check.Agreeing >= 7, check.Verdict + string.Join(", ", check.Searches.Select(s => $"{s.Name} {s.LogLikelihood:F6} {s.StandardErrorsFromBest:G3}")));
        Assert.Equal(fit.LogLikelihood, check.Searches[0].LogLikelihood, 1e-6);
        Assert.Contains(check.Searches, s => s.Name == "Nelder-Mead" && s.AgreesWithBest);
        for (int j = 0; j < fit.Estimated.Count; j++)
            Assert.Equal(fit.Beta[fit.Estimated[j]], check.Searches[0].FixedEffects[j], 1e-3 * Math.Sqrt(fit.BetaCovariance[j, j]));
        double[] deviations = [.. fit.Terms.SelectMany(t => Enumerable.Range(0, t.TermNames.Count).Select(t.StandardDeviation))];
        for (int k = 0; k < deviations.Length; k++) Assert.Equal(1, check.Searches[0].StandardDeviations[k] / deviations[k], 1e-3);
        Assert.Equal(1, check.Searches[0].Sigma / fit.Sigma, 1e-4);
    }

    [Fact]
    public void A_singular_fit_is_found_at_the_boundary_from_everywhere()
    {
        var rows = MixedFixture.Rows("lmer_dyestuff2_singular_REML");
        var check = RestartCheck.Of(LinearMixedModel.Fit(rows), rows, starts: 5);
        Assert.Equal(check.Searches.Count, check.Agreeing);
        Assert.StartsWith("All 7 searches ended at the optimum", check.Verdict, StringComparison.Ordinal);
        Assert.All(check.Searches, s => Assert.Equal(0, s.StandardDeviations[0], 1e-3));
    }

    /// <summary>A fit that was cut short is not the best, and the check says by how much.</summary>
    [Fact]
    public void A_better_optimum_is_reported()
    {
        var rows = MixedFixture.Rows("lmer_sleepstudy_slope_ML");
        var cut = LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false, MaximumEvaluations = 3 });
        var check = RestartCheck.Of(cut, rows, starts: 2);
        Assert.False(check.FitIsBest);
        Assert.StartsWith("The fit is not at the best optimum", check.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Starts_are_spread_and_the_same_in_every_run()
    {
        var layout = SearchProblem.Of(DiagnosticsReference.Fit("sleep_slope").Fit, DiagnosticsReference.Fit("sleep_slope").Rows).Layout;
        double[][] starts = [.. Enumerable.Range(1, 8).Select(k => DispersedStarts.Point(layout, [1, 0, 1], k))];
        Assert.Equal(starts[4], DispersedStarts.Point(layout, [1, 0, 1], 5));
        Assert.True(starts.Min(s => s[0]) < 0.2 && starts.Max(s => s[0]) > 3);
        Assert.True(starts.Min(s => s[1]) < 0 && starts.Max(s => s[1]) > 0);
        Assert.All(starts, s => Assert.InRange(s[2], 0.03, 10));
    }

    /// <summary>Two copies of one term share one variance: every split has the same likelihood.</summary>
    [Fact]
    public void A_model_whose_parameters_are_not_determined_is_seen_by_the_spread()
    {
        Frame data = Fixtures.Data("sleepstudy");
        var rows = DiagnosticsReference.Rows("Reaction ~ Days + (1 | Subject) + (1 | Subject)", data);
        var check = RestartCheck.Of(LinearMixedModel.Fit(rows), rows, starts: 6);
        double[] first = [.. check.Searches.Select(s => s.StandardDeviations[0])];
        Assert.True(first.Max() - first.Min() > 5);
        Assert.Equal(check.Searches[0].LogLikelihood, check.Searches[^1].LogLikelihood, 1e-3);
        Assert.Contains("different standard deviations of (Intercept) by Subject", check.Verdict, StringComparison.Ordinal);
    }
}
