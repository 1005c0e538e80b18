using Terrace.Design;
using Terrace.Families;
using Terrace.LinearModels;
using static Terrace.Tests.Families.RowsByHand;

namespace Terrace.Tests.LinearModels;

/// <summary>Infinite estimates are found and named; finite ones, however large, are not.</summary>
public class SeparationTests
{
    [Theory]
    [InlineData("logit", false)]
    [InlineData("logit", true)]
    [InlineData("probit", false)]
    [InlineData("cloglog", true)]
    public void A_level_whose_responses_are_all_zero_is_named(string link, bool collapse)
    {
        double[][] x = [.. Enumerable.Range(0, 30).Select(i => new double[] { 1, i % 3 == 1 ? 1 : 0, i % 3 == 2 ? 1 : 0 })];
        double[] y = [.. Enumerable.Range(0, 30).Select(i => i % 3 == 2 ? 0.0 : i / 3 % 2)];
        ModelWarning warning = Only(Make(x, Numbers(y), collapse: collapse), Family.Parse("binomial", link));
        Assert.Contains("where x2 is 1", warning.Message, StringComparison.Ordinal);
        Assert.Contains("10 rows are all 0", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("(Intercept)", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_covariate_that_splits_the_responses_is_named()
    {
        double[][] x = [.. Enumerable.Range(0, 20).Select(i => new[] { 1, i - 9.5 })];
        ModelWarning warning = Only(Make(x, Numbers([.. Enumerable.Range(0, 20).Select(i => i < 10 ? 0.0 : 1)])), Family.Binomial());
        Assert.Contains("x1", warning.Message, StringComparison.Ordinal);
        Assert.Contains("perfectly predicted", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_coefficients_that_grow_together_are_both_named()
    {
        double[][] x = [.. Enumerable.Range(0, 6).Select(i => new double[] { 1, i + 1 })];
        string message = Only(Make(x, Numbers(0, 0, 0, 1, 1, 1)), Family.Binomial()).Message;
        Assert.Contains("(Intercept) (", message, StringComparison.Ordinal);
        Assert.Contains("they grow for ever and their standard errors mean nothing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_poisson_level_without_any_event_is_named()
    {
        double[][] x = [.. Enumerable.Range(0, 20).Select(i => new double[] { 1, i % 2 })];
        ModelWarning warning = Only(Make(x, Numbers([.. Enumerable.Range(0, 20).Select(i => i % 2 == 1 ? 0.0 : 1 + i % 3)])), Family.Poisson());
        Assert.Contains("where x1 is 1", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Responses_that_are_all_one_make_the_intercept_infinite() =>
        Assert.Contains("(Intercept)", Only(Intercept(Numbers(1, 1, 1, 1)), Family.Binomial()).Message, StringComparison.Ordinal);

    [Fact]
    public void One_success_in_ten_thousand_is_no_separation()
    {
        ModelRows rows = Make([[1, 0], [1, 1]], Cbind([1, 5000], [9999, 5000]));
        Assert.Empty(GeneralizedLinearModel.Fit(rows, Family.Binomial()).Warnings);
    }

    [Fact]
    public void A_steep_slope_with_an_overlap_is_no_separation()
    {
        double[][] x = [.. Enumerable.Range(0, 200).Select(i => new[] { 1, (i - 99.5) / 10 })];
        double[] y = [.. Enumerable.Range(0, 200).Select(i => i < 98 || i == 100 || i == 101 ? 0.0 : 1)];
        Assert.Empty(GeneralizedLinearModel.Fit(Make(x, Numbers(y)), Family.Binomial()).Warnings);
    }

    private static ModelWarning Only(ModelRows rows, Family family) =>
        Assert.Single(GeneralizedLinearModel.Fit(rows, family).Warnings, w => w.Code == "separation");
}
