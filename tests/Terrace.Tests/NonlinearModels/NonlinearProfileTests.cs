using Terrace.MixedModels;
using Terrace.NonlinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.NonlinearModels;

public class NonlinearProfileTests
{
    private const string Curve = "circumference ~ SSlogis(age, Asym, xmid, scal)";

    /// <summary>R 4.2, confint of nls with MASS: limits read off a spline through the profile, ours are solved on it.</summary>
    [Fact]
    public void Least_squares_limits_agree_with_R()
    {
        ProfileLikelihood profile = NonlinearProfile.Of(NonlinearFixture.FitNls(Curve, Fixtures.Data("Orange")));
        (string Name, double Lower, double Upper)[] reference = [("Asym", 163.9151769, 287.2951618), ("xmid", 562.9324878, 1191.2197837), ("scal", 220.0911860, 611.1192821)];
        foreach (var (name, lower, upper) in reference)
        {
            Assert.Equal(1, profile.Find(name)!.Lower / lower, 2e-3);
            Assert.Equal(1, profile.Find(name)!.Upper / upper, 2e-3);
        }
    }

    /// <summary>The sum of squares at a limit, minimised over the other parameters by brute force, is what the t quantile asks for.</summary>
    [Fact]
    public void The_sum_of_squares_at_a_limit_is_what_the_quantile_asks_for()
    {
        NonlinearModelFit fit = NonlinearFixture.FitNls(Curve, Fixtures.Data("Orange"));
        double limit = NonlinearProfile.Of(fit, new ProfileOptions { Parameters = ["xmid"] }).Profiles[0].Upper, quantile = fit.Estimates.CriticalValue(0.95);
        var held = NonlinearFixture.FitNls(FormattableString.Invariant($"circumference ~ Asym / (1 + exp(({limit:R} - age) / scal))"), Fixtures.Data("Orange"),
            new NonlinearModelOptions { Start = new Dictionary<string, double> { ["Asym"] = 280, ["scal"] = 600 } });
        Assert.Equal(quantile * quantile, (held.Deviance - fit.Deviance) / (fit.Deviance / fit.ResidualDf), 1e-4);
    }

    /// <summary>The deviance at a limit of a mixed model's parameter: holding a fixed effect is a model without it; holding σ or a standard deviation is checked on a grid of the remaining ones.</summary>
    [Fact]
    public void The_deviance_at_a_limit_of_a_fixed_effect_is_that_of_a_model_with_it_held()
    {
        NonlinearMixedModelFit fit = NonlinearMixedModelTests.Fit(Curve + " ~ Asym | Tree", Fixtures.Data("Orange"));
        ProfileLikelihood profile = NonlinearProfile.Of(fit);
        Assert.Empty(profile.Warnings);
        foreach (double limit in (double[])[profile.Find("scal")!.Lower, profile.Find("scal")!.Upper])
        {
            NonlinearMixedModelFit held = NonlinearMixedModelTests.Fit(FormattableString.Invariant($"circumference ~ Asym / (1 + exp((xmid - age) / {limit:R})) ~ Asym | Tree"), Fixtures.Data("Orange"),
                new NonlinearModelOptions { Start = new Dictionary<string, double> { ["Asym"] = 190, ["xmid"] = 700 } });
            Assert.Equal(3.841458820694124, held.Deviance - fit.Deviance, 2e-4);
        }
        ParameterProfile sd = profile.Find(".sig01")!, sigma = profile.Find("sigma")!;
        Assert.InRange(fit.Terms[0].StandardDeviation(0), sd.Lower, sd.Upper);
        Assert.InRange(fit.Sigma, sigma.Lower, sigma.Upper);
    }

    /// <summary>Without curvature the profiles are those of the linear mixed model, which LinearProfile computes with exact gradients and its own coordinates.</summary>
    [Fact]
    public void A_linear_mean_function_has_the_profiles_of_the_linear_mixed_model()
    {
        NonlinearMixedModelFit nonlinear = NonlinearMixedModelTests.Fit("Reaction ~ a + b * Days ~ (a + b | Subject)", Fixtures.Data("sleepstudy"), new NonlinearModelOptions { Start = new Dictionary<string, double> { ["a"] = 250, ["b"] = 10 } });
        ProfileLikelihood own = NonlinearProfile.Of(nonlinear, new ProfileOptions { Reach = 0 }), linear = ProfileLikelihood.Of(MixedModels.MixedFixture.Fit("lmer_sleepstudy_slope_ML"), new ProfileOptions { Reach = 0 });
        for (int k = 0; k < own.Profiles.Count; k++)
        {
            double width = linear.Profiles[k].Upper - linear.Profiles[k].Lower;
            Assert.True(Math.Abs(own.Profiles[k].Lower - linear.Profiles[k].Lower) < 1e-3 * width && Math.Abs(own.Profiles[k].Upper - linear.Profiles[k].Upper) < 1e-3 * width,
                $"{own.Profiles[k].Parameter.LongName}: {own.Profiles[k].Lower} to {own.Profiles[k].Upper}, expected {linear.Profiles[k].Lower} to {linear.Profiles[k].Upper}");
        }
    }
}
