using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Predictions;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Predictions;

public class ConditionalEffectsTests
{
    private static readonly NutsOptions Short = new() { Chains = 2, Warmup = 200, Iterations = 250, AdaptDelta = 0.9 };

    /// <summary>Draw by draw: intercept + slope × value + other slope × its mean, effects of counties left out.</summary>
    [Fact]
    public void The_effect_of_a_number_is_the_line_at_the_mean_of_the_others()
    {
        Frame data = Fixtures.Data("radon");
        (PosteriorCoefficients coefficients, ComponentFrames frames) = Fit("log_radon ~ floor + log_uranium + (1 | county)", data, Family.Gaussian(), "identity");
        IReadOnlyList<ConditionalEffect> effects = ConditionalEffects.Of(coefficients, frames, data, "log_uranium");
        double floor = Enumerable.Range(0, data.RowCount).Average(row => double.Parse(data.Get("floor").TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture));
        foreach (ConditionalEffect effect in effects.Take(3))
        {
            double x = double.Parse(effect.Value, System.Globalization.CultureInfo.InvariantCulture);
            double[] line = [.. Enumerable.Range(0, coefficients.Draws.Count).Select(s => coefficients.Draws.Column("b[(Intercept)]")[s] + coefficients.Draws.Column("b[floor]")[s] * floor + coefficients.Draws.Column("b[log_uranium]")[s] * x)];
            Assert.Equal(line.Average(), effect.Estimate, 10);
            Assert.Equal(SampleMoments.StandardDeviation(line), effect.Sd, 10);
            Assert.Equal(SampleQuantile.Of(line, 0.025), effect.Lower, 10);
        }
    }

    [Fact]
    public void The_effect_of_a_factor_is_the_expected_response_of_each_level()
    {
        Frame data = Fixtures.Data("Salamanders");
        (PosteriorCoefficients coefficients, ComponentFrames frames) = Fit("count ~ mined + (1 | site)", data, Family.Poisson(), "log");
        IReadOnlyList<ConditionalEffect> effects = ConditionalEffects.Of(coefficients, frames, data, "mined");
        Assert.Equal(["yes", "no"], effects.Select(effect => effect.Value).OrderByDescending(value => value));
        double[] no = [.. Enumerable.Range(0, coefficients.Draws.Count).Select(s => Math.Exp(coefficients.Draws.Column("b[(Intercept)]")[s] + coefficients.Draws.Column("b[minedno]")[s]))];
        Assert.Equal(no.Average(), effects.Single(effect => effect.Value == "no").Estimate, 8);
        Assert.Contains("Did you mean 'mined'?", Assert.Throws<ModelException>(() => ConditionalEffects.Of(coefficients, frames, data, "mind")).Message, StringComparison.Ordinal);
    }

    private static (PosteriorCoefficients, ComponentFrames) Fit(string formula, Frame data, Family family, string link)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula), data);
        BayesianFit fit = BayesianFit.Sample(ModelOutline.Of(frame.Encode(data), family), new BayesianSettings { Sampling = Short });
        return (PosteriorCoefficients.Of(fit, link), new ComponentFrames(frame));
    }
}
