using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.Numerics.Distributions;
using Terrace.Tests.TestData;

namespace Terrace.Tests.LinearModels;

public class GlmProfileTests
{
    [Fact]
    public void Intervals_of_a_logistic_regression_agree_with_R()
    {
        var block = Fixtures.Reference("glm_students").GetProperty("profile_confint");
        var fit = Fit("response ~ class", Family.Binomial(), "students");
        var profiles = GlmProfile.Of(fit);
        for (int j = 0; j < profiles.Count; j++)
        {
            // R reads limits off a spline, drawn linearly between its points.
            Assert.Equal(block.GetProperty("values")[j][0].GetDouble(), profiles[j].Lower, 2e-4);
            Assert.Equal(block.GetProperty("values")[j][1].GetDouble(), profiles[j].Upper, 2e-4);
        }
    }

    [Fact]
    public void A_limit_has_the_deviance_of_the_model_with_the_coefficient_held()
    {
        // A saturated model of five classes: the profile of class2 is that of two classes with a common success rate but for the difference of logits.
        var fit = Fit("response ~ class", Family.Binomial(), "students");
        var students = Fixtures.Data("students");
        var profile = GlmProfile.Of(fit)[1];
        double z = Normal.Quantile(0.975);
        foreach (double limit in (double[])[profile.Lower, profile.Upper])
        {
            var held = students.With(new Terrace.Data.NumericColumn("held", [.. Enumerable.Range(0, students.RowCount).Select(i => students.Get("class").TextAt(i) == "2" ? limit : 0)]));
            var others = held.With(new Terrace.Data.TextColumn("other", [.. Enumerable.Range(0, held.RowCount).Select(i => students.Get("class").TextAt(i) is "2" ? "1" : students.Get("class").TextAt(i))]));
            var model = ModelFrame.Learn(Formula.Parse("response ~ other + offset(held)"), others);
            double deviance = GeneralizedLinearModel.Fit(model.Encode(others), Family.Binomial()).Deviance;
            Assert.Equal(z * z, deviance - fit.Deviance, 1e-5);
        }
    }

    [Fact]
    public void Of_a_linear_model_they_are_the_t_intervals()
    {
        var data = Fixtures.Data("mtcars");
        var model = ModelFrame.Learn(Formula.Parse("mpg ~ wt + hp"), data);
        var profiles = GlmProfile.Of(LinearModel.Fit(model.Encode(data)));
        var block = Fixtures.Reference("lm_mtcars").GetProperty("confint").GetProperty("values");
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(block[j][0].GetDouble(), profiles[j].Lower, 1e-8);
            Assert.Equal(block[j][1].GetDouble(), profiles[j].Upper, 1e-8);
        }
    }

    [Fact]
    public void A_coefficient_without_a_finite_estimate_has_no_upper_limit_and_no_wrong_lower_one()
    {
        // All of group b succeed: the likelihood rises for ever towards +∞. The lower limit exists, but need not be found from an estimate that is only where the iterations stopped.
        var data = new Terrace.Data.Frame(
        [
            new Terrace.Data.IntegerColumn("y", [.. Enumerable.Range(0, 40).Select(i => i < 20 ? i % 2 : 1L)]),
            new Terrace.Data.TextColumn("g", [.. Enumerable.Range(0, 40).Select(i => i < 20 ? "a" : "b")]),
        ]);
        var model = ModelFrame.Learn(Formula.Parse("y ~ g"), data);
        var profile = GlmProfile.Of(GeneralizedLinearModel.Fit(model.Encode(data), Family.Binomial()))[1];
        Assert.True(profile.LowerKind == ProfileLimit.NotReached ? double.IsNaN(profile.Lower) : profile.Lower is > 0 and < 3, $"{profile}");
        Assert.Equal((double.NaN, ProfileLimit.NotReached), (profile.Upper, profile.UpperKind));
    }

    private static GeneralizedLinearModelFit Fit(string formula, Family family, string data)
    {
        var model = ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data));
        return GeneralizedLinearModel.Fit(model.Encode(Fixtures.Data(data)), family);
    }
}
