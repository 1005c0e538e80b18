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

    /// <remarks>
    /// The limits are R's <c>uniroot(function(c) glm(y ~ ., offset = c * x)$deviance - least - qchisq(0.95, 1))</c>: MASS's <c>confint</c> reads them off a spline with knots thousands apart and gives
    /// −100 for the lower limit of group b (truly 2.12) and −6788 for that of the slope (truly 0.80).
    /// </remarks>
    [Theory]
    [InlineData("y ~ g", "two groups", "binomial", 1, 2.12347688976, double.NaN)]
    [InlineData("y ~ g", "two groups", "binomial", 0, -0.890617274678, 0.890617274678)]
    [InlineData("y ~ x", "a threshold", "binomial", 1, 0.801812469899, double.NaN)]
    [InlineData("y ~ x", "a threshold", "binomial", 0, double.NaN, -3.40608194285)]
    [InlineData("y ~ g", "no events", "poisson", 1, double.NaN, -2.2407626814)]
    public void The_finite_limit_of_a_separated_coefficient_is_found_and_the_infinite_one_is_not(string formula, string name, string family, int column, double lower, double upper)
    {
        var data = Separated(name);
        var fit = GeneralizedLinearModel.Fit(ModelFrame.Learn(Formula.Parse(formula), data).Encode(data), Family.Parse(family));
        Assert.Contains(fit.Warnings, w => w.Code == "separation");
        var profile = GlmProfile.Of(fit)[column];
        Assert.Equal((double.IsNaN(lower) ? ProfileLimit.NotReached : ProfileLimit.Found, double.IsNaN(upper) ? ProfileLimit.NotReached : ProfileLimit.Found), (profile.LowerKind, profile.UpperKind));
        Assert.Equal(lower, profile.Lower, 1e-5);
        Assert.Equal(upper, profile.Upper, 1e-5);
    }

    /// <summary>All of group b succeed; x from 5 on always succeeds; no events in group b.</summary>
    private static Terrace.Data.Frame Separated(string name) => name switch
    {
        "two groups" => Columns("g", [.. Enumerable.Range(0, 40).Select(i => i < 20 ? 0.0 : 1)], [.. Enumerable.Range(0, 40).Select(i => i < 20 ? i % 2 : 1.0)]),
        "a threshold" => Columns("x", [1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 1, 1, 1, 1]),
        _ => Columns("g", [.. Enumerable.Range(0, 20).Select(i => i < 10 ? 0.0 : 1)], [.. Enumerable.Range(0, 20).Select(i => i < 10 ? 1.0 + i % 3 : 0)]),
    };

    private static Terrace.Data.Frame Columns(string covariate, double[] x, double[] y) => new([new Terrace.Data.NumericColumn(covariate, x), new Terrace.Data.NumericColumn("y", y)]);

    private static GeneralizedLinearModelFit Fit(string formula, Family family, string data)
    {
        var model = ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data(data));
        return GeneralizedLinearModel.Fit(model.Encode(Fixtures.Data(data)), family);
    }
}
