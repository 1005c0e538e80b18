using Terrace.Data;
using Terrace.Formulas;
using Terrace.NonlinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.NonlinearModels;

public class NonlinearMeanTests
{
    [Theory]
    [InlineData("a * exp(-b * x)")]
    [InlineData("a / (1 + exp((b - x) / c0))")]
    [InlineData("a + b * x ^ c0")]
    [InlineData("a ^ b ^ c0")]
    [InlineData("-(a - b) / +c0 - x")]
    [InlineData("log(a) + log2(b) * log10(c0) - log1p(a * b) + expm1(c0)")]
    [InlineData("sin(a) * cos(b) + tan(c0 / 4) - atan(a) + asin(b / 9) + acos(c0 / 9)")]
    [InlineData("sinh(a) - cosh(b) / tanh(c0) + sqrt(a * b)")]
    [InlineData("plogis(a - b) + qlogis(plogis(c0)) + abs(a - 10) + I(b) + identity(c0)")]
    [InlineData("SSlogis(x, exp(a), b, sqrt(c0)) + SSmicmen(x, a, b)")]
    [InlineData("SSlogis(x, a, 2, c0) * b")]
    [InlineData("2 * a ^ 2 + b * c0 - a / b")]
    public void Derivatives_of_arithmetic_are_the_differences_of_values(string text)
    {
        NonlinearMean mean = NonlinearMean.Of(NonlinearFormula.Parse("y ~ " + text), new[] { "a", "b", "c0" }.Where(text.Contains));
        var random = new Numerics.RandomNumbers.Rng(7, 0);
        var differences = MeanFunction.Of("f", ["x"], mean.Parameters, (x, phi) => mean.Evaluate(x, phi, []));
        for (int trial = 0; trial < 50; trial++)
        {
            double[] inputs = mean.Inputs.Count == 0 ? [] : [0.3 + 2 * random.NextDouble()], at = [.. mean.Parameters.Select(_ => 0.5 + random.NextDouble())];
            double[] exact = new double[at.Length], expected = new double[at.Length];
            mean.Evaluate(inputs, at, exact);
            differences.Evaluate(inputs, at, expected);
            for (int k = 0; k < at.Length; k++) Assert.True(Math.Abs(exact[k] - expected[k]) < 1e-7 * (1 + Math.Abs(exact[k])), $"{text} in {mean.Parameters[k]}: {exact[k]} and {expected[k]}");
        }
    }

    [Fact]
    public void A_function_of_ones_own_fits_as_the_built_in_one_with_and_without_its_gradient()
    {
        Frame data = Fixtures.Data("Orange");
        MeanValueWithGradient value = static (x, phi, gradient) => SelfStartingFunctions.Find("SSlogis")!.Evaluate(x, phi, gradient);
        MeanFunction own = MeanFunction.Of("growth", ["t"], ["Asym", "xmid", "scal"], (x, phi) => value(x, phi, []));
        MeanFunction withGradient = MeanFunction.WithGradient("growth", ["t"], ["Asym", "xmid", "scal"], value);
        NonlinearMixedModelFit expected = NonlinearMixedModelTests.Fit("circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree", data);
        foreach (MeanFunction function in new[] { own, withGradient })
        {
            var options = new NonlinearModelOptions { Functions = [function], Start = new Dictionary<string, double> { ["A"] = 170, ["m"] = 700, ["s"] = 320 } };
            NonlinearMixedModelFit fit = NonlinearMixedModelTests.Fit("circumference ~ growth(age, A, m, s) ~ A | Tree", data, options);
            NonlinearFixture.Close(expected.LogLikelihood, fit.LogLikelihood, 1e-9, "logLik");
            for (int j = 0; j < 3; j++) NonlinearFixture.Close(expected.Beta[j], fit.Beta[j], 1e-5, fit.FixedNames[j]);
        }
    }

    [Fact]
    public void Large_formulas_are_computed_beyond_the_stack()
    {
        string text = string.Join(" + ", Enumerable.Range(0, 60).Select(i => $"b{i} * x ^ {i}"));
        NonlinearMean mean = NonlinearMean.Of(NonlinearFormula.Parse("y ~ " + text), Enumerable.Range(0, 60).Select(i => $"b{i}"));
        double[] ones = [.. Enumerable.Repeat(1.0, 60)], gradient = new double[60];
        Assert.Equal(120.0 / 60 * 60 / 2, mean.Evaluate([1.0], ones, gradient), 12);
        Assert.All(gradient, g => Assert.Equal(1, g));
    }
}
