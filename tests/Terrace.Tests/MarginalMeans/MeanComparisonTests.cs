using System.Text.Json;
using Terrace.Data;
using Terrace.Families;
using Terrace.HypothesisTests;
using Terrace.MarginalMeans;
using Terrace.MixedModels;
using Terrace.Tests.HypothesisTests;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MarginalMeans;

/// <summary>Contrasts of marginal means, their names, p-values and intervals, against emmeans.</summary>
public class MeanComparisonTests
{
    private const string Owls = "NegPerChick ~ FoodTreatment * SexParent + ArrivalTime + (1 | Nest)";
    private const string Age = "age ~ livch * urban + (1 | district)";
    private const string Sleep = "Reaction ~ factor(Days) + (Days | Subject)";

    [Theory]
    [InlineData("pairs_kr_tukey", MultiplicityAdjustment.Tukey)]
    [InlineData("pairs_kr_holm", MultiplicityAdjustment.Holm)]
    [InlineData("pairs_kr_sidak", MultiplicityAdjustment.Sidak)]
    [InlineData("pairs_kr_bonferroni", MultiplicityAdjustment.Bonferroni)]
    [InlineData("pairs_kr_BH", MultiplicityAdjustment.FalseDiscoveryRate)]
    [InlineData("pairs_kr_none", MultiplicityAdjustment.None)]
    public void Adjustments_are_those_of_emmeans(string block, MultiplicityAdjustment adjustment)
    {
        MarginalMeanTable means = Means(Owls, "Owls", DegreesOfFreedomMethod.KenwardRoger, "FoodTreatment*SexParent");
        Compare(TestModels.Reference("owls_lmm").GetProperty(block), MeanComparisons.Of(means, MeanContrast.Parse("pairwise"), adjustment), 1e-4);
    }

    [Theory]
    [InlineData("owls_lmm", "pairs_by_sex", Owls, "Owls", "FoodTreatment|SexParent", "pairwise", MultiplicityAdjustment.Tukey)]
    [InlineData("contraception_age_lmm", "tukey", Age, "Contraception", "livch", "pairwise", MultiplicityAdjustment.Tukey)]
    [InlineData("contraception_age_lmm", "ctrl_none", Age, "Contraception", "livch", "treatment", MultiplicityAdjustment.None)]
    [InlineData("contraception_age_lmm", "ctrl_sidak_by", Age, "Contraception", "livch|urban", "treatment:1", MultiplicityAdjustment.Sidak)]
    [InlineData("sleep_days_unbalanced", "poly", Sleep, "sleepstudy_unbalanced", "Days", "polynomial", MultiplicityAdjustment.None)]
    [InlineData("sleep_days_unbalanced", "consec_none", Sleep, "sleepstudy_unbalanced", "Days", "consecutive", MultiplicityAdjustment.None)]
    [InlineData("sleep_days_unbalanced", "tukey", Sleep, "sleepstudy_unbalanced", "Days", "pairwise", MultiplicityAdjustment.Tukey)]
    public void Contrasts_of_mixed_models_are_those_of_emmeans(string name, string block, string formula, string data, string means, string contrast, MultiplicityAdjustment adjustment) =>
        Compare(TestModels.Reference(name).GetProperty(block), MeanComparisons.Of(Means(formula, data, DegreesOfFreedomMethod.Satterthwaite, means), MeanContrast.Parse(contrast), adjustment), 1e-4);

    [Theory]
    [InlineData("tukey", "tension|wool", "pairwise", MultiplicityAdjustment.Tukey)]
    [InlineData("tukey6", "wool*tension", "pairwise", MultiplicityAdjustment.Tukey)]
    [InlineData("poly", "tension", "polynomial", MultiplicityAdjustment.None)]
    [InlineData("consec", "tension", "consecutive", MultiplicityAdjustment.Holm)]
    [InlineData("custom", "tension", "L.rest=1,-0.5,-0.5", MultiplicityAdjustment.None)]
    public void Contrasts_of_linear_models_are_those_of_emmeans(string block, string means, string contrast, MultiplicityAdjustment adjustment) =>
        Compare(TestModels.Reference("warpbreaks_lm").GetProperty(block), MeanComparisons.Of(LinearMeans(Fixtures.Data("warpbreaks"), means), MeanContrast.Parse(contrast), adjustment), 1e-8);

    [Theory]
    [InlineData("contraception_glmm", "tukey_odds", "use ~ age + livch * urban + (1 | district)", "Contraception", "livch", "pairwise", MultiplicityAdjustment.Tukey, "odds.ratio", "binomial")]
    [InlineData("cbpp_glmm", "ctrl_odds", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", "period", "treatment", MultiplicityAdjustment.Bonferroni, "odds.ratio", "binomial")]
    [InlineData("owls_glmm", "ratio", "SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize) + (1 | Nest)", "Owls", "FoodTreatment|SexParent", "pairwise", MultiplicityAdjustment.Tukey, "ratio", "poisson")]
    public void Ratios_are_those_of_emmeans(string name, string block, string formula, string data, string means, string contrast, MultiplicityAdjustment adjustment, string ratio, string family)
    {
        JsonElement table = TestModels.Reference(name).GetProperty(block);
        MeanComparisons actual = MeanComparisons.Of(Means(formula, data, DegreesOfFreedomMethod.None, means, Family.Parse(family)), MeanContrast.Parse(contrast), adjustment);
        Assert.Equal(ratio, actual.Ratio);
        double[] expected = TestModels.Numbers(table, ratio), error = TestModels.Numbers(table, "SE"), lower = TestModels.Numbers(table, "asymp.LCL"), p = TestModels.Numbers(table, "p.value");
        Assert.Equal(TestModels.Texts(table, "contrast"), actual.Rows.Select(row => row.Name));
        for (int i = 0; i < expected.Length; i++)
        {
            ResponseMean row = actual.Rows[i].Ratio!;
            TestModels.Close(expected[i], row.Estimate, 5e-4, "ratio");
            TestModels.Close(error[i], row.StdError, 3e-3, "se");
            TestModels.Close(lower[i], row.Lower, 3e-3, "lower");
            Assert.Equal(p[i], actual.Rows[i].PValue, 1e-3);
        }
    }

    [Fact]
    public void Comparisons_with_a_mean_that_cannot_be_estimated_have_no_numbers_and_do_not_count()
    {
        MarginalMeanTable means = LinearMeans(MarginalMeansTests.WithoutOneCell(), "wool*tension");
        JsonElement table = TestModels.Reference("warpbreaks_lm").GetProperty("missing_pairs");
        MeanComparisons plain = MeanComparisons.Of(means, MeanContrast.Parse("pairwise"), MultiplicityAdjustment.None);
        Compare(table, plain, 1e-8);
        Assert.Equal(5, plain.Rows.Count(row => double.IsNaN(row.PValue)));
        MeanComparisons bonferroni = MeanComparisons.Of(means, MeanContrast.Parse("pairwise"), MultiplicityAdjustment.Bonferroni);
        TestModels.Close(Math.Min(1, 10 * plain.Rows[0].PValue), bonferroni.Rows[0].PValue, 1e-12, "ten tests");
    }

    /// <summary>Adjusted p-values are ordered as the methods promise: none ≤ BH ≤ Holm ≤ Bonferroni, Šidák ≤ Bonferroni.</summary>
    [Fact]
    public void Stricter_adjustments_give_larger_p_values()
    {
        MarginalMeanTable means = LinearMeans(Fixtures.Data("warpbreaks"), "wool*tension");
        double[] P(MultiplicityAdjustment method) => [.. MeanComparisons.Of(means, MeanContrast.Parse("pairwise"), method).Rows.Select(row => row.PValue)];
        double[] none = P(MultiplicityAdjustment.None), bh = P(MultiplicityAdjustment.FalseDiscoveryRate), holm = P(MultiplicityAdjustment.Holm), sidak = P(MultiplicityAdjustment.Sidak), bonferroni = P(MultiplicityAdjustment.Bonferroni);
        for (int i = 0; i < none.Length; i++) Assert.True(none[i] <= bh[i] && bh[i] <= holm[i] && holm[i] <= bonferroni[i] && sidak[i] <= bonferroni[i] && bonferroni[i] <= 1);
    }

    [Fact]
    public void Polynomial_weights_are_whole_numbers()
    {
        IReadOnlyList<WeightedComparison> five = ContrastWeights.Of(MeanContrast.Parse("polynomial"), ["a", "b", "c", "d", "e"]);
        Assert.Equal([[-2, -1, 0, 1, 2], [2, -1, -2, -1, 2], [-1, 2, 0, -2, 1], [1, -4, 6, -4, 1]], five.Select(comparison => comparison.Weights));
        Assert.Equal(6, ContrastWeights.Of(MeanContrast.Parse("polynomial"), [.. Enumerable.Range(0, 12).Select(i => $"l{i}")]).Count);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_the_way_out()
    {
        MarginalMeanTable means = LinearMeans(Fixtures.Data("warpbreaks"), "tension");
        Assert.Contains("sidak", Assert.Throws<ModelException>(() => MeanComparisons.Of(means, MeanContrast.Parse("treatment"), MultiplicityAdjustment.Tukey)).Message, StringComparison.Ordinal);
        Assert.Contains("3 means", Assert.Throws<ModelException>(() => MeanComparisons.Of(means, MeanContrast.Parse("x=1,-1"))).Message, StringComparison.Ordinal);
        Assert.Contains("none of the means", Assert.Throws<ModelException>(() => MeanComparisons.Of(means, MeanContrast.Parse("treatment:Q"))).Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'pairwise'?", Assert.Throws<ModelException>(() => MeanContrast.Parse("pairwize")).Message, StringComparison.Ordinal);
        foreach (string text in new[] { "x=", "x=a", "=1,2", "x=0,0,0", "x=1,NaN,2" }) Assert.Throws<ModelException>(() => MeanContrast.Parse(text));
        Assert.Equal("x=1,-0.5,-0.5;y=0,1,-1", MeanContrast.Parse("x=1,-0.5,-0.5; y=0,1,-1").ToString());
    }

    private static MarginalMeanTable Means(string formula, string data, DegreesOfFreedomMethod method, string means, Family? family = null) =>
        MarginalMeanTable.Of(MarginalMeansTests.Grid(formula, data, method, family), MeanSpecification.Parse(means));

    private static MarginalMeanTable LinearMeans(Frame data, string means)
    {
        var (fit, frame, rows) = TestModels.Linear("breaks ~ wool * tension", data);
        return MarginalMeanTable.Of(ReferenceGrid.Of(FixedEffectsEstimates.Of(fit, frame, rows), data), MeanSpecification.Parse(means));
    }

    private static void Compare(JsonElement table, MeanComparisons actual, double tolerance)
    {
        string[] columns = [.. table.EnumerateObject().Select(column => column.Name)];
        double[] estimate = TestModels.Numbers(table, "estimate"), error = TestModels.Numbers(table, "SE"), df = TestModels.Numbers(table, "df"), t = TestModels.Numbers(table, "t.ratio"), p = TestModels.Numbers(table, "p.value");
        double[]? lower = columns.Contains("lower.CL") ? TestModels.Numbers(table, "lower.CL") : null;
        string[] names = [.. TestModels.Texts(table, "contrast").Select(name => name.Replace("Day", actual.Means.Specification.Factors.Contains("Days") ? "Days" : "Day", StringComparison.Ordinal))];
        for (int i = 0; i < estimate.Length; i++)
        {
            MeanComparison row = actual.Rows[i];
            Assert.Equal(names[i], row.Name);
            Assert.True(Math.Abs(estimate[i] - row.Estimate) <= tolerance * error[i] || double.IsNaN(estimate[i]) && double.IsNaN(row.Estimate), $"{row.Name}: {estimate[i]} is not {row.Estimate}");
            TestModels.Close(error[i], row.StdError, tolerance, row.Name + " se");
            TestModels.Close(df[i], row.Df, Math.Max(tolerance, 2e-4), row.Name + " df");
            if (!double.IsNaN(p[i])) Assert.Equal(p[i], row.PValue, Math.Max(tolerance * 1e-2, 2e-8) + tolerance * p[i]);
            if (lower is not null && !double.IsNaN(lower[i])) Assert.True(Math.Abs(lower[i] - row.Lower) <= 3 * tolerance * error[i], $"{row.Name} lower: {lower[i]} is not {row.Lower}");
        }
    }
}
