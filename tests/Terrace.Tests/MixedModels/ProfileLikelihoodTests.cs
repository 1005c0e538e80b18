using Terrace.Design;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.Optimization;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MixedModels;

public class ProfileLikelihoodTests
{
    [Theory]
    [InlineData("I(Days + 10000)")]
    [InlineData("I(Days + 1e+06)")]
    public void Profiles_of_sigma_and_of_a_slope_do_not_depend_on_the_origin_of_the_covariate(string covariate)
    {
        ProfileLikelihood Of(string days) => ProfileLikelihood.Of(LinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse($"Reaction ~ {days} + ({days} | Subject)"), Fixtures.Data("sleepstudy")).Encode(Fixtures.Data("sleepstudy"))),
            new ProfileOptions { Reach = 0, Parameters = ["sigma", days] });
        ProfileLikelihood near = Of("Days"), far = Of(covariate);
        for (int k = 0; k < 2; k++)
        {
            Assert.Equal((ProfileLimit.Found, ProfileLimit.Found), (far.Profiles[k].LowerKind, far.Profiles[k].UpperKind));
            Assert.Equal(near.Profiles[k].Lower, far.Profiles[k].Lower, 1e-3);
            Assert.Equal(near.Profiles[k].Upper, far.Profiles[k].Upper, 1e-3);
        }
    }

    [Theory]
    [InlineData("lmer_dyestuff_REML", 1e-3)]
    [InlineData("lmer_penicillin_crossed", 1e-3)]
    [InlineData("lmer_radon_floor", 1e-3)]
    [InlineData("lmer_sleepstudy_intercept_REML", 1e-3)]
    [InlineData("lmer_sleepstudy_slope_REML", 1e-3)]
    [InlineData("glmer_cbpp_laplace", 5e-3)]
    [InlineData("glmer_students", 5e-3)]
    public void Intervals_agree_with_lme4_s_confint(string name, double tolerance)
    {
        var block = Fixtures.Reference(name).GetProperty("confint_profile");
        string[] rows = [.. block.GetProperty("rows").EnumerateArray().Select(r => r.GetString()!)];
        var profile = ProfileLikelihood.Of(MixedFixture.Fit(name));
        Assert.Empty(profile.Warnings);
        Assert.Equal(rows, profile.Profiles.Select(p => p.Parameter.LongName));
        for (int k = 0; k < rows.Length; k++)
        {
            double lower = block.GetProperty("values")[k][0].GetDouble(), upper = block.GetProperty("values")[k][1].GetDouble();
            Close(lower, profile.Profiles[k].Lower, tolerance * (upper - lower), $"{name} {rows[k]} lower");
            Close(upper, profile.Profiles[k].Upper, tolerance * (upper - lower), $"{name} {rows[k]} upper");
            Assert.Equal(ProfileLimit.Found, profile.Profiles[k].LowerKind);
        }
    }

    [Fact]
    public void Zeta_agrees_with_lme4_s_profile()
    {
        var table = Fixtures.Reference("lmer_sleepstudy_profile").GetProperty("profile");
        string[] which = [.. table.GetProperty(".par").EnumerateArray().Select(p => p.GetString()!)];
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_ML");
        int compared = 0;
        foreach (var parameter in ModelParameters.Of(fit).All)
        {
            var linear = new LinearProfile(fit);
            var search = new ProfileSearch(linear.Target(parameter), linear.Minimum(), CancellationToken.None);
            var values = table.GetProperty(parameter.Name);
            foreach (int i in Enumerable.Range(0, which.Length).Where(i => which[i] == parameter.Name && Math.Abs(table.GetProperty(".zeta")[i].GetDouble()) is > 0.1 and < 3.5))
            {
                Close(table.GetProperty(".zeta")[i].GetDouble(), search.ZetaAt(values[i].GetDouble()), 2e-4, $"{parameter.Name} at {values[i].GetDouble()}");
                compared++;
            }
        }
        Assert.InRange(compared, 60, 117);
    }

    [Fact]
    public void A_profile_is_the_least_deviance_of_an_explicit_marginal_covariance()
    {
        // Dyestuff by brute force: a one-way layout with 6 batches of 5, −2 log L from the eigenvalues of V, minimised over the others on a fine search.
        var fit = MixedFixture.Fit("lmer_dyestuff_ML");
        var profile = ProfileLikelihood.Of(fit);
        double[] y = fit.Response;
        int[] batch = [.. Enumerable.Range(0, 30).Select(i => i / 5)];
        double Deviance(double mean, double between, double sigma)
        {
            double total = 0;
            for (int b = 0; b < 6; b++)
            {
                double[] own = [.. Enumerable.Range(0, 30).Where(i => batch[i] == b).Select(i => y[i] - mean)];
                double average = own.Average(), large = sigma * sigma + 5 * between * between;
                total += Math.Log(large) + 4 * Math.Log(sigma * sigma) + own.Sum(e => (e - average) * (e - average)) / (sigma * sigma) + 5 * average * average / large;
            }
            return total + 30 * Math.Log(2 * Math.PI);
        }

        double grand = y.Average();
        Assert.Equal(fit.Deviance, Deviance(grand, fit.Terms[0].StandardDeviation(0), fit.Sigma), 1e-6);
        double z = Normal.Quantile(0.975);
        var (sd, residual, intercept) = (profile.Profiles[0], profile.Profiles[1], profile.Profiles[2]);
        foreach (double limit in (double[])[sd.Lower, sd.Upper]) Assert.Equal(z * z, Least(s => Deviance(grand, limit, s), 20, 120) - fit.Deviance, 1e-4);
        foreach (double limit in (double[])[residual.Lower, residual.Upper]) Assert.Equal(z * z, Least(s => Deviance(grand, s, limit), 0, 200) - fit.Deviance, 1e-4);
        foreach (double limit in (double[])[intercept.Lower, intercept.Upper])
            Assert.Equal(z * z, Least(s => Least(r => Deviance(limit, s, r), 20, 120), 0, 300) - fit.Deviance, 1e-4);
    }

    [Fact]
    public void A_standard_deviation_that_may_be_0_has_the_lower_limit_0_and_says_so()
    {
        var profile = ProfileLikelihood.Of(MixedFixture.Fit("lmer_dyestuff2_singular_ML"));
        Assert.Equal((0, ProfileLimit.Boundary), (profile.Profiles[0].Lower, profile.Profiles[0].LowerKind));
        Assert.Equal(ProfileLimit.Found, profile.Profiles[0].UpperKind);
        Assert.True(profile.Profiles[0].Upper > 1);
        Assert.Equal(0, profile.Profiles[0].Estimate);
    }

    [Fact]
    public void Three_correlated_effects_have_profiles_that_hold_each_correlation()
    {
        var fit = MixedFixture.Fit("lmer_sleepstudy_slope_REML");
        var frame = Fixtures.Data("sleepstudy");
        var model = Terrace.Design.ModelFrame.Learn(Terrace.Formulas.Formula.Parse("Reaction ~ Days + (Days + I(Days^2) | Subject)"), frame);
        var three = LinearMixedModel.Fit(model.Encode(frame), new LinearMixedModelOptions { Reml = false });
        var profile = ProfileLikelihood.Of(three, new ProfileOptions { Threads = 2 });
        Assert.Equal(9, profile.Profiles.Count);
        foreach (var one in profile.Profiles)
        {
            int own = profile.Parameters.ToList().FindIndex(p => p.Name == one.Parameter.Name);
            Assert.All(one.Points, p => Assert.Equal(p.Value, p.Parameters[own], 1e-6 * Math.Max(1, Math.Abs(p.Value))));
            double[] zeta = [.. one.Points.Select(p => p.Zeta)];
            Assert.Equal(zeta.Order(), zeta);
        }
        Assert.NotNull(fit);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var fit = MixedFixture.Fit("glmer_cbpp_laplace");
        var one = ProfileLikelihood.Of(fit, new ProfileOptions { Parameters = ["period2", ".sig01"] });
        var two = ProfileLikelihood.Of(fit, new ProfileOptions { Parameters = ["period2", "sd_(Intercept)|herd"], Threads = 2 });
        Assert.Equal(one.Profiles.Select(p => (p.Lower, p.Upper)), two.Profiles.Select(p => (p.Lower, p.Upper)));
    }

    [Fact]
    public void The_density_integrates_to_the_probability_of_the_interval()
    {
        var sd = ProfileLikelihood.Of(MixedFixture.Fit("lmer_sleepstudy_slope_REML"), new ProfileOptions { Parameters = [".sig03"] }).Profiles[0];
        double sum = 0, step = (sd.Upper - sd.Lower) / 2000;
        for (int i = 0; i < 2000; i++) sum += step * sd.Density(sd.Lower + (i + 0.5) * step);
        Assert.Equal(0.95, sum, 1e-3);
        Assert.Equal(Normal.Quantile(0.975), sd.Zeta(sd.Upper), 1e-6);
    }

    [Fact]
    public void What_cannot_be_profiled_is_refused()
    {
        Assert.Contains("dispersion", Assert.Throws<ModelException>(() => ProfileLikelihood.Of(MixedFixture.Fit("glmer_theoph_gamma_log"))).Message, StringComparison.Ordinal);
        var fit = MixedFixture.Fit("lmer_dyestuff_REML");
        Assert.Contains("sd_(Intercept)|Batch", Assert.Throws<ModelException>(() => ProfileLikelihood.Of(fit, new ProfileOptions { Parameters = ["x"] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lmer_sleepstudy_slope_ML")]
    [InlineData("lmer_penicillin_crossed")]
    [InlineData("glmer_contraception_slope")]
    [InlineData("glmer_cbpp_laplace")]
    public void Gradients_in_the_free_coordinates_agree_with_differences(string name)
    {
        var fit = MixedFixture.Fit(name);
        bool linear = QuadratureEngine.PointsOf(fit.Engine) is null;
        foreach (var parameter in ModelParameters.Of(fit).All)
        {
            var target = linear ? new LinearProfile(fit).Target(parameter) : new GeneralizedProfile(RefitModel.Of(fit, "a test")).Target(parameter);
            foreach (double shift in (double[])[3, -0.7])
            {
                target.Hold(target.Estimate + shift * target.Step);
                double[] point = [.. target.Start.Select((x, i) => x + 0.1 * target.Units[i] * Math.Cos(i + 1))], gradient = new double[point.Length];
                target.Criterion(point, gradient);
                for (int k = 0; k < point.Length; k++) AssertSlope(target.Criterion, point, k, 1e-4 * target.Units[k], gradient[k], target.Units[k], $"{name} {parameter.LongName} {k}");
            }
        }
    }

    private static void AssertSlope(Objective f, double[] point, int k, double h, double expected, double unit, string what)
    {
        double[] up = [.. point], down = [.. point];
        up[k] += h;
        down[k] -= h;
        double slope = (f(up, []) - f(down, [])) / (2 * h);
        Assert.True(Math.Abs(slope - expected) * unit < 1e-4 * (1 + Math.Abs(slope) * unit), $"{what}: gradient {expected}, differences {slope}");
    }

    private static double Least(Func<double, double> f, double low, double high)
    {
        double golden = (Math.Sqrt(5) - 1) / 2;
        for (int i = 0; i < 80; i++)
        {
            double a = high - golden * (high - low), b = low + golden * (high - low);
            if (f(a) < f(b)) high = b;
            else low = a;
        }
        return f((low + high) / 2);
    }

    private static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{what}: expected {expected:R}, got {actual:R}, tolerance {tolerance:G3}");
}
