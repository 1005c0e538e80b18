using Terrace.Data;
using Terrace.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class RandomEffectsPcaTests
{
    [Theory]
    [InlineData("sleep_slope", "Subject")]
    [InlineData("sleep_ml", "Subject")]
    [InlineData("sleep_poly", "Subject")]
    [InlineData("radon_floor", "county")]
    [InlineData("radon_slope", "county")]
    public void Standard_deviations_and_proportions_agree_with_lme4(string model, string group)
    {
        var reference = DiagnosticsReference.Member("rePCA", model).GetProperty(group);
        var pca = RandomEffectsPca.Of(DiagnosticsReference.Fit(model).Fit).Single();
        double[] deviations = DiagnosticsReference.Numbers(reference.GetProperty("sdev")), proportions = DiagnosticsReference.Numbers(reference.GetProperty("prop"));
        for (int k = 0; k < deviations.Length; k++)
        {
            Assert.Equal(1, pca.StandardDeviations[k] / deviations[k], 2e-3);
            Assert.Equal(proportions[k], pca.Proportions[k], 2e-5);
        }
    }

    [Theory]
    [InlineData("I(Days * 1000)")]
    [InlineData("I(Days - 400)")]
    public void Contributions_do_not_depend_on_unit_and_origin_of_a_covariate(string covariate)
    {
        Frame data = Fixtures.Data("sleepstudy");
        var expected = RandomEffectsPca.Of(DiagnosticsReference.Fit("sleep_slope").Fit).Single();
        var actual = RandomEffectsPca.Of(LinearMixedModel.Fit(DiagnosticsReference.Rows($"Reaction ~ {covariate} + ({covariate} | Subject)", data))).Single();
        for (int k = 0; k < 2; k++) Assert.Equal(expected.Contributions[k], actual.Contributions[k], 1e-4);
        Assert.Null(actual.Advice);
        Assert.Equal(2, actual.Rank);
    }

    /// <summary>The contributions' total is the mean variance of the random part, which R² has from the rows.</summary>
    [Fact]
    public void A_term_that_the_data_support_gets_no_advice()
    {
        var (fit, _) = DiagnosticsReference.Fit("radon_slope");
        var pca = RandomEffectsPca.Of(fit).Single();
        Assert.Equal("(1 + floor | county)", pca.Term);
        Assert.Equal(2, pca.Rank);
        Assert.Null(pca.Advice);
        Assert.Equal(1, pca.Contributions.Sum(), 1e-12);
    }

    [Fact]
    public void A_term_without_variation_is_to_be_left_out()
    {
        var pca = RandomEffectsPca.Of(MixedFixture.Fit("lmer_dyestuff2_singular_REML")).Single();
        Assert.Equal(0, pca.Rank);
        Assert.StartsWith("leave out (1 | Batch)", pca.Advice, StringComparison.Ordinal);
    }

    /// <summary>Effects of the group on intercept and slope that are exactly proportional: one direction of variation.</summary>
    [Fact]
    public void A_correlation_of_one_is_to_be_taken_out_before_a_slope()
    {
        var (group, x, y) = (new List<string>(), new List<double>(), new List<double>());
        for (int g = 0; g < 12; g++)
        {
            for (int i = 0; i < 10; i++)
            {
                group.Add($"g{g}");
                x.Add(i - 4.5);
                y.Add(10 + (g - 5.5) * (1 + 0.3 * (i - 4.5)) + 0.4 * Math.Sin(7.1 * g + 3.3 * i * i));
            }
        }
        Frame data = new([new TextColumn("g", [.. group]), new NumericColumn("x", [.. x]), new NumericColumn("y", [.. y])]);
        var pca = RandomEffectsPca.Of(LinearMixedModel.Fit(DiagnosticsReference.Rows("y ~ x + (x | g)", data))).Single();
        Assert.StartsWith("replace (1 + x | g) by (1 + x || g), or", pca.Advice, StringComparison.Ordinal);
        Assert.Contains("drop x, which varies least: (1 | g)", pca.Advice, StringComparison.Ordinal);
    }

    /// <summary>A slope whose groups do not differ: the third covariate is constant noise without groups.</summary>
    [Fact]
    public void A_slope_of_zero_variance_is_to_be_dropped_by_name()
    {
        var (group, x, y) = (new List<string>(), new List<double>(), new List<double>());
        for (int g = 0; g < 8; g++)
        {
            for (int i = 0; i < 12; i++)
            {
                group.Add($"g{g}");
                x.Add(i % 2 == 0 ? 1 : -1);
                y.Add(3 * Math.Sin(g * 2.3) + (i % 4 < 2 ? 1 : -1) * (1 + 0.01 * i));
            }
        }
        Frame data = new([new TextColumn("g", [.. group]), new NumericColumn("x", [.. x]), new NumericColumn("y", [.. y])]);
        var pca = RandomEffectsPca.Of(LinearMixedModel.Fit(DiagnosticsReference.Rows("y ~ x + (x || g)", data)));
        Assert.Equal("(1 | g)", pca[0].Term);
        Assert.Null(pca[0].Advice);
        Assert.StartsWith("leave out (0 + x | g)", pca[1].Advice, StringComparison.Ordinal);
        var joint = RandomEffectsPca.Of(LinearMixedModel.Fit(DiagnosticsReference.Rows("y ~ x + (x | g)", data))).Single();
        Assert.StartsWith("drop x from (1 + x | g), which leaves (1 | g)", joint.Advice, StringComparison.Ordinal);
    }
}
