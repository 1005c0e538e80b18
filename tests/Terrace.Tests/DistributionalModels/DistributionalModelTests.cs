using System.Globalization;
using Terrace.Data;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.Distributions;
using Terrace.Numerics.RandomNumbers;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.DistributionalModels;

public class DistributionalModelTests
{
    /// <summary>The Laplace approximation is exact for a normal response: log y by maximum likelihood, less Σ log y.</summary>
    [Fact]
    public void A_lognormal_mixed_model_is_a_linear_one_of_the_logarithm()
    {
        DistributionalModelFit fit = new DistributionalFixture("Reaction ~ Days + (Days | Subject)", "lognormal", "sleepstudy").Fit();
        Frame data = Fixtures.Data("sleepstudy");
        ModelFrame frame = ModelFrame.Learn(Formula.Parse("log(Reaction) ~ Days + (Days | Subject)"), data);
        MixedModelFit linear = LinearMixedModel.Fit(frame.Encode(data), new LinearMixedModelOptions { Reml = false });
        AssertClose(linear.LogLikelihood - fit.Response.Sum(Math.Log), fit.LogLikelihood, 1e-8, "log likelihood");
        for (int j = 0; j < 2; j++) AssertClose(linear.Beta[j], fit.Conditional.Estimates[j], 1e-5, "coefficient");
        AssertClose(linear.Sigma, fit.Parameters[0].Estimate, 1e-5, "sigma");
        AssertClose(linear.Terms[0].StandardDeviation(1), fit.Terms[0].StandardDeviation(1), 1e-4, "standard deviation of slopes");
        Assert.Equal(linear.Parameters, fit.ParameterCount);
    }

    /// <summary>With one dispersion coefficient for each group the estimates are the groups' means and standard deviations.</summary>
    [Fact]
    public void A_normal_response_with_a_spread_for_each_group_has_a_closed_form()
    {
        DistributionalModelFit fit = new DistributionalFixture("mpg ~ 0 + factor(am)", "gaussian", "mtcars", Dispersion: "~ 0 + factor(am)").Fit();
        double[] mpg = Numbers("mtcars", "mpg"), am = Numbers("mtcars", "am");
        for (int group = 0; group < 2; group++)
        {
            double[] own = [.. mpg.Where((_, row) => am[row] == group)];
            double mean = own.Average(), sd = Math.Sqrt(own.Average(y => (y - mean) * (y - mean)));
            AssertClose(mean, fit.Conditional.Estimates[group], 1e-7, "mean");
            AssertClose(Math.Log(sd), fit.Find("dispersion")!.Estimates[group], 1e-6, "log sd");
            AssertClose(sd / Math.Sqrt(own.Length), fit.Conditional.StandardErrors(fit.Covariance)[group], 1e-4, "standard error of the mean");
            AssertClose(1 / Math.Sqrt(2.0 * own.Length), fit.Find("dispersion")!.StandardErrors(fit.Covariance)[group], 1e-4, "standard error of log sd");
        }
    }

    /// <summary>Each subject's integral over its effect by the trapezoidal rule, at the estimates.</summary>
    [Fact]
    public void The_likelihood_of_a_Student_model_is_near_that_of_brute_force_quadrature()
    {
        DistributionalModelFit fit = new DistributionalFixture("Reaction ~ Days + (1 | Subject)", "student", "sleepstudy").Fit();
        Assert.True(fit.Converged);
        double sigma = fit.Parameters[0].Estimate, df = fit.Parameters[1].Estimate, sd = fit.Terms[0].StandardDeviation(0), total = 0;
        double[] y = Numbers("sleepstudy", "Reaction"), days = Numbers("sleepstudy", "Days"), subject = Numbers("sleepstudy", "Subject");
        foreach (var rows in Enumerable.Range(0, y.Length).GroupBy(row => subject[row]))
        {
            const double step = 0.01;
            double[] logs = [.. Enumerable.Range(-1000, 2001).Select(k => rows.Sum(row =>
                StudentT.LogDensity((y[row] - fit.Conditional.Estimates[0] - fit.Conditional.Estimates[1] * days[row] - sd * k * step) / sigma, df) - Math.Log(sigma)) + Normal.LogDensity(k * step, 0, 1))];
            double largest = logs.Max();
            total += largest + Math.Log(step * logs.Sum(log => Math.Exp(log - largest)));
        }
        Assert.Equal(total, fit.LogLikelihood, 0.5);
        Assert.InRange(df, 1.5, 8);
    }

    [Fact]
    public void Normal_data_send_the_degrees_of_freedom_to_infinity_with_a_warning()
    {
        var rng = new Rng(3, 1);
        double[] y = [.. Enumerable.Range(0, 200).Select(_ => 2 + rng.NextNormal() * 0.5 + 0.05 * rng.NextDouble())];
        double[] clipped = [.. y.Select(value => Math.Clamp(value, 1, 3))];
        DistributionalModelFit fit = Fit(new Frame([new NumericColumn("y", clipped)]), "y ~ 1", "student");
        double mean = clipped.Average(), variance = clipped.Average(value => (value - mean) * (value - mean));
        AssertClose(-100 * (Math.Log(2 * Math.PI * variance) + 1), fit.LogLikelihood, 1e-5, "log likelihood of a normal sample");
        Assert.Contains(fit.Warnings, warning => warning.Code == "parameter-at-boundary" && warning.Message.Contains("nu runs to infinity", StringComparison.Ordinal));
        Assert.True(double.IsFinite(fit.Conditional.StandardErrors(fit.Covariance)[0]));
    }

    /// <summary>The spread's own coefficients keep their standard errors when the degrees of freedom have none.</summary>
    [Fact]
    public void A_flat_parameter_leaves_the_others_their_standard_errors()
    {
        DistributionalModelFit fit = new DistributionalFixture("Reaction ~ Days + (Days | Subject)", "student", "sleepstudy", Dispersion: "~ Days").Fit();
        DistributionalModelFit normal = new DistributionalFixture("Reaction ~ Days + (Days | Subject)", "gaussian", "sleepstudy", Dispersion: "~ Days").Fit();
        Assert.True(fit.Converged);
        Assert.Equal(["parameter-at-boundary"], fit.Warnings.Select(warning => warning.Code));
        AssertClose(normal.LogLikelihood, fit.LogLikelihood, 1e-6, "log likelihood");
        double[] own = fit.Find("dispersion")!.StandardErrors(fit.Covariance), expected = normal.Find("dispersion")!.StandardErrors(normal.Covariance);
        for (int j = 0; j < 2; j++) AssertClose(expected[j], own[j], 1e-2, "standard error of the dispersion");
    }

    /// <summary>Scales and origins of covariates make standard errors large without any boundary.</summary>
    [Fact]
    public void The_origin_of_a_covariate_does_not_send_a_coefficient_to_a_boundary()
    {
        DistributionalModelFit near = new DistributionalFixture("count ~ mined + (1 | site)", "neg-binomial", "Salamanders", Dispersion: "~ DOY").Fit();
        DistributionalModelFit far = new DistributionalFixture("count ~ mined + (1 | site)", "neg-binomial", "Salamanders", Dispersion: "~ I(1e6 + 1e4 * DOY)").Fit();
        Assert.Empty(far.Warnings);
        AssertClose(near.LogLikelihood, far.LogLikelihood, 1e-9, "log likelihood");
        AssertClose(near.Find("dispersion")!.StandardErrors(near.Covariance)[1] / 1e4, far.Find("dispersion")!.StandardErrors(far.Covariance)[1], 1e-3, "standard error");
    }

    /// <summary>A group without zeros has no structural ones; the other group's coefficients keep their standard errors.</summary>
    [Fact]
    public void Only_the_coefficient_that_runs_to_infinity_is_named()
    {
        double[] y = [.. Enumerable.Range(0, 200).Select(i => i < 100 ? (i % 3 == 0 ? 0.0 : 2 + i % 4) : 3.0 + i % 4)];
        var data = new Frame([new NumericColumn("y", y), new TextColumn("g", [.. Enumerable.Range(0, 200).Select(i => i < 100 ? "a" : "b")])]);
        DistributionalModelFit fit = Fit(data, "y ~ g", "poisson", zeroInflation: "~ g");
        double[] errors = fit.Find("zero-inflation")!.StandardErrors(fit.Covariance);
        Assert.InRange(errors[0], 0.1, 0.5);
        Assert.True(double.IsNaN(errors[1]));
        Assert.Contains("gb", Assert.Single(fit.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_without_extra_variation_are_Poisson_with_a_warning()
    {
        double[] y = [.. Enumerable.Range(0, 90).Select(i => (double)(2 + i % 3))];
        DistributionalModelFit fit = Fit(new Frame([new NumericColumn("y", y)]), "y ~ 1", "neg-binomial");
        AssertClose(y.Sum(count => Poisson.LogDensity(count, 3)), fit.LogLikelihood, 1e-5, "log likelihood");
        AssertClose(Math.Log(3), fit.Conditional.Estimates[0], 1e-6, "intercept");
        AssertClose(1 / Math.Sqrt(270), fit.Conditional.StandardErrors(fit.Covariance)[0], 1e-3, "standard error");
        Assert.Contains(fit.Warnings, warning => warning.Code == "parameter-at-boundary" && warning.Message.Contains("poisson", StringComparison.Ordinal));
    }

    /// <summary>An offset alone holds a parameter: lme4's theta, and with it lme4's estimates under the expected information.</summary>
    [Fact]
    public void Under_the_expected_information_a_negative_binomial_mixed_model_is_lme4s()
    {
        var reference = Fixtures.Reference("glmer_nb_owls");
        string theta = Math.Log(Fixtures.Reference("glmer_nb_owls_theta").GetProperty("theta_nb").GetDouble()).ToString("R", CultureInfo.InvariantCulture);
        DistributionalFixture fixture = DistributionalFixture.Of("glmer_nb_owls");
        DistributionalModelFit held = (fixture with { Dispersion = $"~ 0 + offset({theta} + 0 * logBroodSize)" }).Fit(Information.Expected);
        Assert.Equal(3, held.ParameterCount);
        Assert.Equal(reference.GetProperty("logLik").GetDouble(), held.LogLikelihood, 3);
        double[] errors = held.Conditional.StandardErrors(held.Covariance);
        for (int j = 0; j < 2; j++)
        {
            double estimate = reference.GetProperty("fixef").GetProperty(held.Conditional.Names[j]).GetDouble(), error = reference.GetProperty("se").GetProperty(held.Conditional.Names[j]).GetDouble();
            Assert.True(Math.Abs(estimate - held.Conditional.Estimates[j]) <= 1e-2 * error, $"{held.Conditional.Names[j]}: {held.Conditional.Estimates[j]:R}, lme4 {estimate:R}");
            AssertClose(error, errors[j], 1e-2, "standard error (lme4 differences values)");
        }
        Assert.Equal(0.357188928542185, held.Terms[0].StandardDeviation(0), 3);
        DistributionalModelFit joint = fixture.Fit(Information.Expected);
        Assert.True(joint.LogLikelihood >= held.LogLikelihood - 1e-7, "the joint optimum is at least as likely");
        AssertClose(0.8416, joint.Parameters[0].Estimate, 0.01, "phi at the joint optimum");
    }

    [Fact]
    public void The_expected_information_is_refused_where_it_is_not_known()
    {
        var error = Assert.Throws<ModelException>(() => DistributionalFixture.Fit("glmmtmb_owls_nbinom1", Information.Expected));
        Assert.Contains("expected information", error.Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => DistributionalFixture.Fit("glmmtmb_owls_zip", Information.Expected));
    }

    /// <summary>Rows in another order, and equal rows as weights, are the same data.</summary>
    [Fact]
    public void Order_and_weights_of_rows_do_not_matter()
    {
        Frame data = Fixtures.Data("Salamanders");
        const string formula = "count ~ mined + (1 | site)";
        DistributionalModelFit once = Fit(data, formula, "neg-binomial", zeroInflation: "~mined");
        int[] reversed = [.. Enumerable.Range(0, data.RowCount).Reverse()];
        DistributionalModelFit permuted = Fit(data.Select(reversed), formula, "neg-binomial", zeroInflation: "~mined");
        AssertClose(once.LogLikelihood, permuted.LogLikelihood, 1e-9, "log likelihood");
        AssertClose(once.Conditional.Estimates[1], permuted.Conditional.Estimates[1], 1e-6, "coefficient");
        int[] twice = [.. Enumerable.Range(0, data.RowCount), .. Enumerable.Range(0, data.RowCount)];
        DistributionalModelFit doubled = Fit(data.Select(twice), formula, "neg-binomial", zeroInflation: "~mined");
        DistributionalModelFit weighted = Fit(data, formula, "neg-binomial", zeroInflation: "~mined", weights: "2 + 0 * cover");
        AssertClose(doubled.LogLikelihood, weighted.LogLikelihood, 1e-8, "log likelihood");
        AssertClose(doubled.Find("zero-inflation")!.Estimates[1], weighted.Find("zero-inflation")!.Estimates[1], 1e-5, "zero-inflation coefficient");
        AssertClose(once.Conditional.Estimates[0], Fit(data, formula, "neg-binomial", zeroInflation: "~mined").Conditional.Estimates[0], 0, "the same bits again");
    }

    [Fact]
    public void A_hurdle_model_without_groups_is_two_models()
    {
        Frame data = Fixtures.Data("Salamanders");
        DistributionalModelFit hurdle = Fit(data, "count ~ mined", "hurdle-poisson", zeroInflation: "~ mined");
        ModelFrame frame = ModelFrame.Learn(Formula.Parse("I(count == 0) ~ mined"), data);
        GeneralizedLinearModelFit zero = GeneralizedLinearModel.Fit(frame.Encode(data), Family.Binomial());
        AssertClose(zero.Estimates.Values[1], hurdle.Find("zero-inflation")!.Estimates[1], 1e-6, "zero part");
        double[] counts = Numbers("Salamanders", "count");
        double positive = 0;
        for (int row = 0; row < counts.Length; row++)
        {
            if (counts[row] == 0) continue;
            double mean = Math.Exp(hurdle.LinearPredictor[row]);
            positive += Poisson.LogDensity(counts[row], mean) - Math.Log(1 - Math.Exp(-mean));
        }
        AssertClose(zero.LogLikelihood + positive, hurdle.LogLikelihood, 1e-9, "log likelihood");
    }

    [Fact]
    public void A_row_that_lacks_a_value_of_any_component_is_left_out_of_all()
    {
        Frame data = Fixtures.Data("Salamanders");
        double[] doy = Numbers("Salamanders", "DOY");
        for (int row = 0; row < 30; row++) doy[row] = double.NaN;
        Frame holes = data.With(new NumericColumn("holes", doy));
        DistributionalModelFit fit = Fit(holes, "count ~ mined + (1 | site)", "neg-binomial", dispersion: "~ holes");
        DistributionalModelFit without = Fit(data.Select([.. Enumerable.Range(30, data.RowCount - 30)]), "count ~ mined + (1 | site)", "neg-binomial", dispersion: "~ DOY");
        Assert.Equal(data.RowCount - 30, fit.Rows);
        Assert.Equal(without.LogLikelihood, fit.LogLikelihood);
    }

    /// <summary>Crossed factors, so that the tail has couplings to leave out.</summary>
    [Fact]
    public void A_sparse_factor_gives_the_same_fit_as_a_dense_one()
    {
        var fixture = new DistributionalFixture("count ~ mined + (1 | site) + (1 | spp)", "neg-binomial", "Salamanders");
        DistributionalModelFit Fit(Factorisation factorisation) => DistributionalModel.Fit(fixture.Frames().Encode(Fixtures.Data("Salamanders")), ResponseFamily.Parse("neg-binomial"), new DistributionalModelOptions { Factorisation = factorisation });
        DistributionalModelFit dense = Fit(Factorisation.Dense), sparse = Fit(Factorisation.Sparse);
        AssertClose(dense.LogLikelihood, sparse.LogLikelihood, 1e-9, "log likelihood");
        AssertClose(dense.Conditional.Estimates[1], sparse.Conditional.Estimates[1], 1e-6, "coefficient");
        AssertClose(dense.Covariance[1, 1], sparse.Covariance[1, 1], 1e-4, "variance of the coefficient");
        Assert.Throws<ModelException>(() => Fit(Factorisation.Iterative));
    }

    [Fact]
    public void A_variance_of_zero_is_found_and_named()
    {
        DistributionalModelFit fit = DistributionalFixture.Fit("glmmtmb_cbpp_betabinomial");
        Assert.True(fit.Singular);
        Assert.Contains(fit.Warnings, warning => warning.Code == "singular-fit" && warning.Message.Contains("herd", StringComparison.Ordinal));
    }

    private static DistributionalModelFit Fit(Frame data, string formula, string family, string? dispersion = null, string? zeroInflation = null, string? weights = null)
    {
        var options = new ModelFrameOptions { Weights = weights is null ? null : Expression.Parse(weights) };
        var frames = ComponentFrames.Learn(Formula.Parse(formula), dispersion is null ? null : Formula.Parse(dispersion), zeroInflation is null ? null : Formula.Parse(zeroInflation), data, options);
        return DistributionalModel.Fit(frames.Encode(data), ResponseFamily.Parse(family));
    }

    private static double[] Numbers(string data, string name)
    {
        Column column = Fixtures.Data(data).Get(name);
        return [.. Enumerable.Range(0, column.Count).Select(row => column.TextAt(row) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : double.NaN)];
    }
}
