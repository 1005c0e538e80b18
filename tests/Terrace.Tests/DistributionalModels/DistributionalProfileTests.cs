using Terrace.Data;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;

namespace Terrace.Tests.DistributionalModels;

public class DistributionalProfileTests
{
    /// <summary>glmmTMB 1.1.5, confint(method = "profile") by root finding on log and logit scales.</summary>
    [Fact]
    public void A_negative_binomial_s_limits_agree_with_glmmTMB()
    {
        ProfileLikelihood profile = DistributionalProfile.Of(DistributionalFixture.Fit("glmmtmb_owls_nbinom2"));
        Assert.Equal([".sig01", "(Intercept)", "FoodTreatmentSatiated", "phi"], profile.Profiles.Select(p => p.Parameter.Name));
        Limits(profile, ".sig01", Math.Exp(-1.6014501886), Math.Exp(-0.57062163480), 1e-4);
        Limits(profile, "phi", Math.Exp(-0.3274821997), Math.Exp(-0.01883635187), 1e-4);
        Limits(profile, "(Intercept)", 0.4994166428, 0.90007838761, 3e-4);
        Limits(profile, "FoodTreatmentSatiated", -0.8946978134, -0.46119003597, 3e-4);
        Assert.Empty(profile.Warnings);
    }

    /// <summary>MASS 7.3-58, confint of polr: limits read off a spline, ours are solved.</summary>
    [Fact]
    public void An_ordinal_model_s_limits_agree_with_polr()
    {
        ProfileLikelihood profile = DistributionalProfile.Of(Cylinders.Value);
        Limits(profile, "wt", 2.786118855, 8.886358712, 1e-3);
        Assert.Equal(["wt", "4|6", "6|8"], profile.Parameters.Select(p => p.Name));
    }

    /// <summary>Holding a coefficient of the zero part at its limit is the same as an offset there: an independent fit has the deviance that the limit promises.</summary>
    [Fact]
    public void A_fit_with_the_limit_as_offset_has_the_promised_deviance()
    {
        DistributionalModelFit Fit(string zero) => DistributionalModel.Fit(
            ComponentFrames.Learn(Formula.Parse("count ~ mined + (1 | site)"), null, Formula.Parse(zero), Fixtures.Data("Salamanders")).Encode(Fixtures.Data("Salamanders")), ResponseFamily.Parse("poisson"));
        DistributionalModelFit whole = Fit("~ mined");
        ParameterProfile profile = DistributionalProfile.Of(whole, new ProfileOptions { Parameters = ["zi~minedno"], Reach = 0 }).Profiles[0];
        foreach (double limit in (double[])[profile.Lower, profile.Upper])
        {
            DistributionalModelFit held = Fit(FormattableString.Invariant($"~ 1 + offset({limit:R} * (mined == \"no\"))"));
            Assert.Equal(3.841458820694124, held.Deviance - whole.Deviance, 1e-4);
        }
    }

    /// <summary>A Poisson response has no overdispersion, so φ has no upper limit.</summary>
    [Fact]
    public void A_dispersion_without_an_upper_end_has_an_infinite_limit()
    {
        var rng = new Rng(5, 1);
        double[] x = [.. Enumerable.Range(0, 200).Select(_ => rng.NextNormal())];
        var data = new Frame([new NumericColumn("x", x), new NumericColumn("y", [.. x.Select(v => (double)rng.NextPoisson(Math.Exp(1 + 0.3 * v)))])]);
        DistributionalModelFit fit = DistributionalModel.Fit(ComponentFrames.Learn(Formula.Parse("y ~ x"), null, null, data).Encode(data), ResponseFamily.Parse("neg-binomial"));
        ParameterProfile phi = DistributionalProfile.Of(fit).Find("phi")!;
        Assert.Equal(ProfileLimit.Boundary, phi.UpperKind);
        Assert.Equal(double.PositiveInfinity, phi.Upper);
        Assert.InRange(phi.Lower, 3, 100);
    }

    [Theory]
    [InlineData("glmmtmb_salamanders_zinb")]
    [InlineData("glmmtmb_cbpp_betabinomial")]
    [InlineData("glmmtmb_salamanders_hurdle_poisson")]
    [InlineData("glm_nb_owls")]
    public void Gradients_in_the_free_coordinates_agree_with_differences(string name)
    {
        DistributionalModelFit fit = DistributionalFixture.Fit(name);
        var parameters = DistributionalParameterList.Of(fit);
        foreach (ModelParameter parameter in parameters.All)
        {
            ProfileTarget target = new DistributionalProfileCriterion(fit, parameters, default).Target(parameter);
            target.Hold(target.Estimate + 1.5 * target.Step);
            double[] point = [.. target.Start.Select((x, i) => x + 0.1 * target.Units[i] * Math.Cos(i + 1))], gradient = new double[point.Length];
            target.Criterion(point, gradient);
            for (int k = 0; k < point.Length; k++)
            {
                double h = 1e-4 * target.Units[k], at = point[k];
                point[k] = at + h;
                double up = target.Criterion(point, []);
                point[k] = at - h;
                double down = target.Criterion(point, []);
                point[k] = at;
                double slope = (up - down) / (2 * h);
                Assert.True(Math.Abs(slope - gradient[k]) * target.Units[k] < 1e-4 * (1 + Math.Abs(slope) * target.Units[k]), $"{name} {parameter.LongName} {k}: gradient {gradient[k]}, differences {slope}");
            }
        }
    }

    [Fact]
    public void The_threads_do_not_change_the_limits()
    {
        DistributionalModelFit fit = DistributionalFixture.Fit("glmmtmb_cbpp_betabinomial");
        var one = DistributionalProfile.Of(fit, new ProfileOptions { Reach = 0 });
        var three = DistributionalProfile.Of(fit, new ProfileOptions { Reach = 0, Threads = 3 });
        Assert.Equal(one.Profiles.Select(p => (p.Lower, p.Upper)), three.Profiles.Select(p => (p.Lower, p.Upper)));
    }

    internal static readonly Lazy<DistributionalModelFit> Cylinders = new(() => new DistributionalFixture("ordered(cyl) ~ wt", "cumulative", "mtcars").Fit());

    private static void Limits(ProfileLikelihood profile, string name, double lower, double upper, double tolerance)
    {
        ParameterProfile own = profile.Find(name)!;
        Assert.True(Math.Abs(own.Lower - lower) < tolerance * Math.Max(1, Math.Abs(lower)), $"{name}: lower limit {own.Lower:R}, expected {lower:R}");
        Assert.True(Math.Abs(own.Upper - upper) < tolerance * Math.Max(1, Math.Abs(upper)), $"{name}: upper limit {own.Upper:R}, expected {upper:R}");
    }
}
