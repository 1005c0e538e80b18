using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.MixedModels;

public class RestrictedProfileTests
{
    private static readonly Lazy<MixedModelFit> Herds = new(() => Fit("cbind(incidence, size - incidence) ~ 1 + (1 | herd)", "cbpp", 9));

    /// <summary>−2 log of the likelihood integrated over the fixed effect by the trapezoidal rule, at three values of the standard deviation: differences agree but for the curvature beyond the Gaussian.</summary>
    [Fact]
    public void The_restricted_deviance_is_that_of_integration_over_the_fixed_effect()
    {
        RefitModel model = RefitModel.Of(Herds.Value, "a profile");
        ModelParameter parameter = model.Parameters.All.First(p => p.Kind == ModelParameterKind.StandardDeviation);
        double Restricted(double sd)
        {
            var criterion = new GeneralizedProfile(model);
            return RestrictedProfile.Ratio(criterion.Target(parameter), criterion.Minimum(), criterion.FirstFixed!.Value, sd, default);
        }
        double Integrated(double sd)
        {
            ProfileTarget target = new GeneralizedProfile(model).Target(parameter);
            target.Hold(sd);
            double[] point = [.. target.Start];
            double sum = 0, centre = target.Criterion(point, []);
            for (double x = -12; x <= 12; x += 0.05)
            {
                point[^1] = x;
                sum += 0.05 * Math.Exp(-0.5 * (target.Criterion(point, []) - centre));
            }
            return centre - 2 * Math.Log(sum);
        }
        AssertClose(Integrated(1.1) - Integrated(0.5), Restricted(1.1) - Restricted(0.5), 0.02, "deviance");
        AssertClose(Integrated(1.5) - Integrated(0.8), Restricted(1.5) - Restricted(0.8), 0.02, "deviance");
    }

    [Fact]
    public void The_restricted_interval_lies_above_that_of_the_likelihood_and_the_correction_widens_it()
    {
        var options = new ProfileOptions { Reach = 0, Parameters = [".sig01"] };
        ParameterProfile plain = ProfileLikelihood.Of(Herds.Value, options).Profiles[0];
        ParameterProfile restricted = ProfileLikelihood.Of(Herds.Value, options with { Restricted = true, Simulations = 0 }).Profiles[0];
        ParameterProfile corrected = ProfileLikelihood.Of(Herds.Value, options with { Restricted = true, Simulations = 40, Threads = 2 }).Profiles[0];
        Assert.True(restricted.Estimate > plain.Estimate && restricted.Lower > plain.Lower && restricted.Upper > plain.Upper);
        Assert.True(corrected.Lower <= restricted.Lower && corrected.Upper >= restricted.Upper);
        Assert.Equal(restricted.Estimate, corrected.Estimate, 1e-9);
        ParameterProfile again = ProfileLikelihood.Of(Herds.Value, options with { Restricted = true, Simulations = 40, Threads = 1 }).Profiles[0];
        Assert.Equal((corrected.Lower, corrected.Upper), (again.Lower, again.Upper));
    }

    [Fact]
    public void Fixed_effects_keep_the_profile_of_the_likelihood()
    {
        MixedModelFit fit = Fit("cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)", "cbpp", 1);
        var options = new ProfileOptions { Reach = 0, Simulations = 0, Parameters = ["factor(period)2"] };
        Assert.Equal(ProfileLikelihood.Of(fit, options).Profiles[0].Lower, ProfileLikelihood.Of(fit, options with { Restricted = true }).Profiles[0].Lower);
    }

    private static MixedModelFit Fit(string formula, string data, int points)
    {
        Frame frame = Fixtures.Data(data);
        return GeneralizedLinearMixedModel.Fit(ModelFrame.Learn(Formula.Parse(formula), frame).Encode(frame), Family.Binomial(), new GeneralizedLinearMixedModelOptions { QuadraturePoints = points });
    }
}
