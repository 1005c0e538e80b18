using System.Text.Json;
using System.Text.RegularExpressions;
using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Sampling;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

/// <summary>
/// Posterior means and standard deviations of every parameter within 4 combined Monte Carlo standard errors of rstanarm's and brms's. With about 400 comparisons and fixed seeds a false alarm has a probability of
/// 3 % in all, were the errors normal and independent.
/// </summary>
public partial class BayesianReferenceTests
{
    private const double Errors = 4;

    [Theory]
    [InlineData("students_stan_glmer", "response ~ (1 | class)", "students", "binomial", PriorPreset.Rstanarm)]
    [InlineData("radon_stan_lmer_varying_intercept", "log_radon ~ floor + (1 | county)", "radon", "gaussian", PriorPreset.Rstanarm)]
    [InlineData("radon_stan_lmer_varying_slope", "log_radon ~ floor + log_uranium + (1 + floor | county)", "radon", "gaussian", PriorPreset.Rstanarm)]
    [InlineData("radon_brm_intercept_only", "log_radon ~ (1 | county)", "radon", "gaussian", PriorPreset.Brms)]
    [InlineData("mtcars_stan_glm", "mpg ~ wt + am", "mtcars", "gaussian", PriorPreset.Rstanarm)]
    [InlineData("mtcars_stan_glm_logit", "am ~ wt", "mtcars", "binomial", PriorPreset.Rstanarm)]
    [InlineData("sleepstudy_stan_lmer", "Reaction ~ Days + (Days | Subject)", "sleepstudy", "gaussian", PriorPreset.Rstanarm)]
    public void The_plain_sampler_has_the_posterior_of_R(string reference, string formula, string data, string family, PriorPreset preset)
    {
        BayesianFit fit = Sample(formula, data, family, preset);
        AssertAgrees(fit, Fixtures.Bayes(reference).GetProperty("parameters"));
        Assert.DoesNotContain(fit.Findings, finding => finding.Code is "divergences" or "high-rhat");
    }

    /// <summary>A model of a data set of the fixtures, sampled under default priors.</summary>
    internal static BayesianFit Sample(string formula, string data, string family, PriorPreset preset)
    {
        Frame frame = Fixtures.Data(data);
        ModelRows rows = ModelFrame.Learn(Formula.Parse(formula), frame).Encode(frame);
        return BayesianFit.Sample(ModelOutline.Of(rows, Family.Parse(family)), new BayesianSettings { Preset = preset, Sampling = new NutsOptions { AdaptDelta = 0.9 } });
    }

    internal static void AssertAgrees(BayesianFit fit, JsonElement parameters)
    {
        var faults = new List<string>();
        int compared = 0;
        foreach (JsonProperty parameter in parameters.EnumerateObject())
        {
            if (Values(fit, parameter.Name) is not { } own) continue;
            compared++;
            double Reference(string name) => parameter.Value.GetProperty(name).GetDouble();
            void Compare(string what, double mine, double myError, double reference, double error)
            {
                double limit = Errors * Math.Sqrt(myError * myError + error * error);
                if (!(Math.Abs(mine - reference) <= limit)) faults.Add($"{parameter.Name} {what}: {mine} against {reference} ± {limit}");
            }
            int chains = fit.Draws.Chains;
            Compare("mean", own.Average(), Mcse.OfMean(own, chains), Reference("mean"), Reference("mcse_mean"));
            Compare("sd", Inference.Posterior.SampleMoments.StandardDeviation(own), Mcse.OfStandardDeviation(own, chains), Reference("sd"), Reference("mcse_sd"));
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(compared >= parameters.EnumerateObject().Count() - 2, $"only {compared} parameters were compared");
    }

    /// <summary>The draws of a parameter by its name in rstanarm or brms; null for what is no parameter.</summary>
    private static double[]? Values(BayesianFit fit, string name)
    {
        double[] Column(string own) => fit.Draws.Column(own).ToArray();
        if (name is "lprior" or "lp__") return null;
        if (name == "sigma") return Column("sigma");
        if (name == "b_Intercept") return Column("b[(Intercept)]");
        if (BrmsSd().Match(name) is { Success: true } sd) return Column($"sd[{sd.Groups[1]},(Intercept)]");
        if (BrmsEffect().Match(name) is { Success: true } r) return Column($"r[{r.Groups[1]},{Level(fit, r.Groups[1].Value, r.Groups[2].Value)},(Intercept)]");
        if (Effect().Match(name) is { Success: true } effect)
        {
            string term = effect.Groups[1].Value, place = effect.Groups[2].Value;
            string group = fit.Model.Structure.Terms.Select(t => t.Group).Where(g => place.StartsWith(g + ":", StringComparison.Ordinal)).MaxBy(g => g.Length)!;
            return Column($"r[{group},{Level(fit, group, place[(group.Length + 1)..])},{term}]");
        }
        if (Covariance().Match(name) is { Success: true } sigma)
        {
            (string group, string a, string b) = (sigma.Groups[1].Value, sigma.Groups[2].Value, sigma.Groups[3].Value);
            double[] first = Column($"sd[{group},{a}]"), second = Column($"sd[{group},{b}]");
            double[] product = [.. first.Zip(second, (x, y) => x * y)];
            return a == b ? product : [.. product.Zip(Column($"cor[{group},{b},{a}]"), (x, y) => x * y)];
        }
        return Column($"b[{name}]");
    }

    /// <summary>The level that R's packages wrote with other characters for its spaces.</summary>
    private static string Level(BayesianFit fit, string group, string name)
    {
        static string Plain(string text) => new([.. text.Select(c => char.IsLetterOrDigit(c) || c == ':' ? c : '_')]);
        return fit.Model.Structure.Terms.First(term => term.Group == group).Levels.First(level => Plain(level) == Plain(name));
    }

    [GeneratedRegex("^sd_(.*)__Intercept$")]
    private static partial Regex BrmsSd();

    [GeneratedRegex(@"^r_(.*)\[(.*),Intercept\]$")]
    private static partial Regex BrmsEffect();

    [GeneratedRegex(@"^b\[(\S+) (.*)\]$")]
    private static partial Regex Effect();

    [GeneratedRegex(@"^Sigma\[(.*):([^:]*),([^:]*)\]$")]
    private static partial Regex Covariance();
}
