using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class UserPriorsTests
{
    private static readonly ModelOutline Outline = OutlineOf("log_radon ~ floor + log_uranium + (1 + floor | county)");

    [Fact]
    public void Particular_targets_win_over_general_ones_wherever_they_stand()
    {
        ChosenPriors priors = Apply("student_t(4, 1, 2) on b:floor", "normal(0, 3) on b", "exponential(2) on sd:county:floor", "cauchy(0, 1) on sd", "lkj(3) on cor:county", "gamma(2, 1) on sigma", "normal(1, 1) on intercept");
        Assert.Equal(new NormalPrior(1, 1), priors.Model.Intercept);
        Assert.Equal([new StudentTPrior(4, 1, 2), new NormalPrior(0, 3)], priors.Model.Coefficients);
        var term = (IndependentTermPrior)priors.Model.Terms[0];
        Assert.Equal([new CauchyPrior(0, 1), new ExponentialPrior(2)], term.StandardDeviations);
        Assert.Equal(3, term.LkjShape);
        Assert.Equal(new GammaPrior(2, 1), priors.Model.Auxiliary["sigma"]);
        Assert.Contains(priors.Descriptions, d => d is { Class: "sd", Group: "county", Term: "floor", Scaled: "exponential(2)" });
    }

    [Theory]
    [InlineData("normal(0, 1)", "'on'")]
    [InlineData("norml(0, 1) on b", "names no known distribution")]
    [InlineData("normal(0) on b", "needs 2")]
    [InlineData("normal(0, -1) on b", "positive number")]
    [InlineData("normal(0, x) on b", "needs a number")]
    [InlineData("horseshoe(1) on b:floor", "put it on b")]
    [InlineData("hs() on intercept", "put it on b")]
    [InlineData("R2D2(0.5) on sigma", "put it on b")]
    [InlineData("R2D2(mean_R2 = 1) on b", "between 0 and 1")]
    [InlineData("R2D2(mean = 0.5) on b", "no such argument")]
    [InlineData("R2D2(0.5, mean_R2 = 0.5) on b", "gives mean_R2 twice")]
    [InlineData("horseshoe(1, scale_global = -1) on b", "needs a positive number")]
    [InlineData("horseshoe(autoscale = perhaps) on b", "true or false")]
    [InlineData("normal(0, 1) on b:flor", "no coefficient 'flor'")]
    [InlineData("normal(0, 1) on sd:county:x", "no standard deviation")]
    [InlineData("normal(0, 1) on sd:state", "no standard deviation")]
    [InlineData("normal(0, 1) on cor", "lkj(shape)")]
    [InlineData("lkj(2) on b", "prior of correlations")]
    [InlineData("normal(0, 1) on nu", "the model has no 'nu'")]
    public void Priors_that_do_not_fit_are_refused_with_a_caret(string text, string message)
    {
        ModelException fault = Assert.Throws<ModelException>(() => Apply(text));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("^", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("horseshoe on b", "horseshoe(df = 1, scale_global = 1, df_global = 1, scale_slab = 2, df_slab = 4)")]
    [InlineData("horseshoe(3, par_ratio = 0.5) on b", "horseshoe(df = 3, scale_global = 0.1, df_global = 1, scale_slab = 2, df_slab = 4)")]
    [InlineData("horseshoe(df_slab = 5, autoscale = FALSE) on b", "horseshoe(df = 1, scale_global = 1, df_global = 1, scale_slab = 2, df_slab = 5, autoscale = false)")]
    [InlineData("R2D2() on b", "R2D2(mean_R2 = 0.5, prec_R2 = 2, cons_D2 = 1)")]
    [InlineData("hs(3, 2) on b", "horseshoe(df = 3, scale_global = 0.01, df_global = 2, scale_slab = 2.5, df_slab = 4)")]
    [InlineData("hs_plus(slab_df = 7) on b", "hs_plus(df1 = 1, df2 = 1, scale_global = 0.01, df_global = 1, scale_slab = 2.5, df_slab = 7)")]
    public void Shrinkage_priors_have_the_defaults_of_their_packages(string text, string scaled)
    {
        ModelOutline outline = ShrinkageProblem.Create("gaussian", 25, 3, (_, rng) => rng.NextNormal()).Outline;
        ChosenPriors priors = UserPriors.Apply(DefaultPriors.Of(outline, PriorPreset.Brms), outline, [UserPrior.Parse("normal(0, 2) on b:x2"), UserPrior.Parse(text)]);
        Assert.Equal(scaled, priors.Model.Coefficients[0].ToString());
        Assert.Equal(priors.Model.Coefficients[0], priors.Model.Coefficients[2]);
        Assert.Equal(new NormalPrior(0, 2), priors.Model.Coefficients[1]);
        // Told once for all that are shrunk, and the one left out after it.
        Assert.Equal([(null, scaled), ("x2", "normal(0, 2)")], priors.Descriptions.Where(d => d.Class == "b").Select(d => (d.Term, d.Scaled)));
    }

    [Theory]
    [InlineData("student_t(3, 1, 2)", 0.4)]
    [InlineData("cauchy(1, 2)", -0.3)]
    [InlineData("logistic(1, 2)", 0.7)]
    [InlineData("exponential(1.5)", 0.6)]
    [InlineData("gamma(2.5, 1.5)", 0.9)]
    [InlineData("inv_gamma(2.5, 1.5)", 0.8)]
    [InlineData("beta(2, 3)", 0.3)]
    public void Densities_are_normalised_and_have_their_slopes(string text, double x)
    {
        Prior prior = UserPrior.Parse(text + " on b").Univariate();
        const double h = 1e-5;
        Assert.Equal((prior.Evaluate(x + h).LogDensity - prior.Evaluate(x - h).LogDensity) / (2 * h), prior.Evaluate(x).Slope, 1e-6);
        // The integral over x = sinh(t), which reaches far into the tails.
        double integral = 0;
        for (double t = -16; t < 16; t += 1e-3) integral += 1e-3 * Math.Cosh(t) * Math.Exp(prior.Evaluate(Math.Sinh(t)).LogDensity);
        // A step of the sum across the jump of a density at 0 costs up to half a step.
        Assert.Equal(1, integral, 1.5e-3);
    }

    /// <summary>Draws from the prior alone have the prior's quantiles; the standard error of a median of 4,000 draws is about 1.25 sd/√4000, five of which are allowed.</summary>
    [Fact]
    public void Without_the_data_the_draws_are_those_of_the_prior()
    {
        ModelOutline outline = OutlineOf("log_radon ~ floor + (1 | county)");
        ChosenPriors priors = UserPriors.Apply(DefaultPriors.Of(outline, PriorPreset.Rstanarm), outline, [UserPrior.Parse("normal(3, 0.5) on b:floor"), UserPrior.Parse("exponential(2) on sd"), UserPrior.Parse("gamma(4, 2) on sigma")]);
        BayesianFit fit = BayesianFit.Sample(outline.With(priors.Model, priorOnly: true), priors.Descriptions, new NutsOptions { AdaptDelta = 0.9 });
        Assert.Equal(3, SampleQuantile.Of(fit.Draws.Column("b[floor]"), 0.5), 5 * 1.25 * 0.5 / Math.Sqrt(4000));
        Assert.Equal(0.5, SampleMoments.StandardDeviation(fit.Draws.Column("b[floor]")), 0.05);
        Assert.Equal(Math.Log(2) / 2, SampleQuantile.Of(fit.Draws.Column("sd[county,(Intercept)]"), 0.5), 0.05);
        Assert.Equal(2, SampleMoments.Mean(fit.Draws.Column("sigma")), 0.1);
    }

    private static ChosenPriors Apply(params string[] texts) => UserPriors.Apply(DefaultPriors.Of(Outline, PriorPreset.Rstanarm), Outline, [.. texts.Select(UserPrior.Parse)]);

    private static ModelOutline OutlineOf(string formula)
    {
        Frame data = Fixtures.Data("radon");
        return ModelOutline.Of(ModelFrame.Learn(Formula.Parse(formula), data).Encode(data), Family.Gaussian());
    }
}
