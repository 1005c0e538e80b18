using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class ThreePoolingsTests
{
    /// <summary>Without predictors all three are means: of all rows, of each group, and their weighted average with the weights of equation 12.1.</summary>
    [Fact]
    public void Without_predictors_partial_pooling_is_the_weighted_average_of_equation_12_1()
    {
        var rows = MixedFixture.Rows("lmer_radon_no_predictors");
        var fit = LinearMixedModel.Fit(rows, new LinearMixedModelOptions { Reml = false });
        var poolings = ThreePoolings.Of(fit, rows);
        Assert.Equal(fit.Response.Average(), poolings.Complete, 1e-10);
        Assert.Equal(fit.Rows, poolings.Groups.Sum(g => g.Rows));
        int[] codes = rows.Design.RandomTerms[0].Codes;
        for (int g = 0; g < poolings.Groups.Count; g++)
        {
            var group = poolings.Groups[g];
            Assert.Equal(Enumerable.Range(0, rows.Rows).Where(i => codes[rows.RowToCell[i]] == g).Average(i => fit.Response[i]), group.NoPooling, 1e-9);
            Assert.Equal(group.ApproximateWeight, group.Weight, 1e-9);
            Assert.Equal(group.Weight * group.NoPooling + (1 - group.Weight) * fit.Beta[0], group.PartialPooling, 1e-9);
            Assert.Equal(group.Rows / (group.Rows + fit.Sigma * fit.Sigma / fit.Terms[0].Covariance[0, 0]), group.Weight, 1e-9);
        }
    }

    /// <summary>R: lm(log_radon ~ floor), lm(log_radon ~ floor + county - 1) and lmer(log_radon ~ floor + (1 | county)) at floor = mean(floor).</summary>
    [Fact]
    public void With_a_predictor_of_the_rows_each_way_agrees_with_its_own_model()
    {
        var (fit, rows) = DiagnosticsReference.Fit("radon_floor");
        var poolings = ThreePoolings.Of(fit, rows);
        double mean = poolings.Reference.Single().Value;
        var data = Fixtures.Data("radon");
        var complete = LinearModel.Fit(DiagnosticsReference.Rows("log_radon ~ floor", data));
        var separate = LinearModel.Fit(DiagnosticsReference.Rows("log_radon ~ 0 + county + floor", data));
        Assert.Equal(complete.Estimates.Values[0] + mean * complete.Estimates.Values[1], poolings.Complete, 1e-9);
        for (int g = 0; g < poolings.Groups.Count; g++)
        {
            var group = poolings.Groups[g];
            Assert.Equal("county" + group.Level, separate.Estimates.Terms[g]);
            Assert.Equal(separate.Estimates.Values[g] + mean * separate.Estimates.Values[^1], group.NoPooling, 1e-9);
            Assert.Equal(fit.Beta[0] + mean * fit.Beta[1] + fit.Terms[0].Modes[g, 0], group.PartialPooling, 1e-9);
            Assert.InRange(group.Weight, 0, 1);
            Assert.Equal(group.ApproximateWeight, group.Weight, 1e-9);
        }
        Assert.True(poolings.Groups.MaxBy(g => g.Rows)!.Weight > poolings.Groups.MinBy(g => g.Rows)!.Weight);
    }

    [Fact]
    public void A_group_level_predictor_moves_what_the_groups_are_pulled_to()
    {
        var (fit, rows) = DiagnosticsReference.Fit("radon_uranium");
        var poolings = ThreePoolings.Of(fit, rows);
        double[] predicted = [.. poolings.Groups.Select(g => g.Predicted)];
        Assert.True(predicted.Max() - predicted.Min() > 0.5);
        for (int g = 0; g < poolings.Groups.Count; g++)
        {
            Assert.Equal(predicted[g] + fit.Terms[0].Modes[g, 0], poolings.Groups[g].PartialPooling, 1e-9);
            Assert.False(double.IsNaN(poolings.Groups[g].NoPooling));
        }
    }

    [Fact]
    public void A_binomial_model_is_compared_on_the_scale_of_the_link()
    {
        var (fit, rows) = DiagnosticsReference.Fit("cbpp_logit");
        var poolings = ThreePoolings.Of(fit, rows);
        Assert.All(poolings.Groups, g => Assert.InRange(g.Weight, 0.05, 0.99));
        foreach (var group in poolings.Groups.Where(g => g.NoPoolingStdError < 2))
            Assert.InRange(group.PartialPooling, Math.Min(group.NoPooling, group.Predicted) - 0.1, Math.Max(group.NoPooling, group.Predicted) + 0.1);
        for (int g = 0; g < poolings.Groups.Count; g++) Assert.Equal(poolings.Groups[g].ApproximateWeight, poolings.Groups[g].Weight, 0.02);
    }

    [Fact]
    public void Other_models_are_refused_with_the_form_that_is_needed()
    {
        var (fit, rows) = DiagnosticsReference.Fit("sleep_slope");
        Assert.Contains("y ~ x + (1 | group)", Assert.Throws<ModelException>(() => ThreePoolings.Of(fit, rows)).Message, StringComparison.Ordinal);
    }
}
