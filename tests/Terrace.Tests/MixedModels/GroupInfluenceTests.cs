using Terrace.Data;
using Terrace.Design;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class GroupInfluenceTests
{
    [Theory]
    [InlineData("sleep_slope")]
    [InlineData("radon_floor")]
    public void Refits_without_each_group_agree_with_lme4(string model)
    {
        var reference = DiagnosticsReference.Member("groups", model);
        var (fit, rows) = DiagnosticsReference.Fit(model);
        var influence = GroupInfluence.Of(fit, rows, exact: true);
        string[] levels = [.. reference.GetProperty("levels").EnumerateArray().Select(l => l.GetString()!)];
        Assert.Equal(levels.Order(), influence.Levels.Order());
        for (int g = 0; g < levels.Length; g++)
        {
            int own = influence.Levels.ToList().IndexOf(levels[g]);
            double[] effects = DiagnosticsReference.Numbers(reference.GetProperty("fixed")[g]), changes = DiagnosticsReference.Numbers(reference.GetProperty("dfbetas")[g]);
            for (int j = 0; j < effects.Length; j++)
            {
                Assert.Equal(effects[j], influence.FixedEffects[own, j], 2e-4 * Math.Sqrt(fit.BetaCovariance[j, j]));
                Assert.Equal(changes[j], influence.Dfbetas[own, j], 3e-3);
            }
            // lme4 scales by (G − p)/G.
            Assert.Equal(reference.GetProperty("cook")[g].GetDouble(), influence.CooksDistance[own] * (levels.Length - effects.Length) / levels.Length, 1e-3);
        }
    }

    /// <summary>Of sleepstudy, the group that matters most is the same, and no distance is off by more than a fifth of the largest.</summary>
    [Fact]
    public void One_step_is_close_to_the_refit()
    {
        var (fit, rows) = DiagnosticsReference.Fit("sleep_slope");
        var exact = GroupInfluence.Of(fit, rows, exact: true);
        var step = GroupInfluence.Of(fit, rows);
        Assert.False(step.IsExact);
        Assert.Null(step.StandardDeviations);
        double largest = exact.CooksDistance.Max();
        Assert.Equal(exact.CooksDistance.ToList().IndexOf(largest), step.CooksDistance.ToList().IndexOf(step.CooksDistance.Max()));
        for (int g = 0; g < exact.Levels.Count; g++) Assert.InRange(step.CooksDistance[g] - exact.CooksDistance[g], -0.2 * largest, 0.2 * largest);
    }

    /// <summary>At the θ of the whole fit the remaining rows' joint problem, solved from their own data.</summary>
    [Fact]
    public void One_step_is_exact_given_the_variance_parameters()
    {
        var (fit, rows) = DiagnosticsReference.Fit("sleep_slope");
        Frame data = Fixtures.Data("sleepstudy");
        Frame without = data.Where([.. Enumerable.Range(0, data.RowCount).Select(i => data.Get("Subject").TextAt(i) != "337")]);
        var remaining = LinearMixedModel.Fit(DiagnosticsReference.Rows("Reaction ~ Days + (Days | Subject)", without));
        double[] expected = remaining.Joint.At(fit.Theta, fit.Sigma).FixedEffects;
        var step = GroupInfluence.Of(fit, rows);
        int level = step.Levels.ToList().IndexOf("337");
        for (int j = 0; j < 2; j++) Assert.Equal(expected[j], step.FixedEffects[level, j], 1e-8);
    }

    [Fact]
    public void One_step_of_a_binomial_model_is_close_to_the_refit()
    {
        var (fit, rows) = DiagnosticsReference.Fit("cbpp_logit");
        var exact = GroupInfluence.Of(fit, rows, "herd", exact: true);
        var step = GroupInfluence.Of(fit, rows, "herd");
        double scale = Enumerable.Range(0, 15).Max(g => Math.Abs(exact.Dfbetas[g, 0]));
        for (int g = 0; g < 15; g++) Assert.InRange(step.Dfbetas[g, 0] - exact.Dfbetas[g, 0], -0.4 * scale, 0.4 * scale);
    }

    /// <summary>The coefficient of a column that is constant without the level has no estimate then.</summary>
    [Fact]
    public void A_coefficient_that_rests_on_one_group_is_missing_without_it()
    {
        Frame data = Fixtures.Data("sleepstudy");
        Frame own = data.With(new NumericColumn("only", [.. Enumerable.Range(0, data.RowCount).Select(i => data.Get("Subject").TextAt(i) == "308" ? 1.0 : 0)]));
        ModelRows rows = DiagnosticsReference.Rows("Reaction ~ Days + only + (1 | Subject)", own);
        var fit = LinearMixedModel.Fit(rows);
        foreach (bool exact in new[] { true, false })
        {
            var influence = GroupInfluence.Of(fit, rows, exact: exact);
            Assert.True(double.IsNaN(influence.FixedEffects[0, 2]));
            Assert.False(double.IsNaN(influence.FixedEffects[1, 2]));
        }
    }

    [Fact]
    public void A_factor_that_is_not_there_is_named()
    {
        var (fit, rows) = DiagnosticsReference.Fit("cbpp");
        Assert.Contains("herd", Assert.Throws<ModelException>(() => GroupInfluence.Of(fit, rows, "cow")).Message, StringComparison.Ordinal);
    }
}
