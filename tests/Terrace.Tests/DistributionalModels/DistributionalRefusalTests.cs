using Terrace.Data;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Formulas;

namespace Terrace.Tests.DistributionalModels;

/// <summary>Responses, formulas and options that a family cannot have: each a message that says what to do.</summary>
public class DistributionalRefusalTests
{
    private const int Rows = 12;

    private static readonly Frame Data = new(
    [
        new NumericColumn("counts", [.. Enumerable.Range(0, Rows).Select(i => (double)(i % 4))]),
        new NumericColumn("negative", [.. Enumerable.Range(0, Rows).Select(i => i == 4 ? -1.0 : i)]),
        new NumericColumn("fraction", [.. Enumerable.Range(0, Rows).Select(i => i == 4 ? 1.5 : i)]),
        new NumericColumn("none", new double[Rows]),
        new NumericColumn("positive", [.. Enumerable.Range(0, Rows).Select(i => 1.0 + i % 3)]),
        new NumericColumn("few", [.. Enumerable.Range(0, Rows).Select(i => (double)(i % 2))]),
        new NumericColumn("share", [.. Enumerable.Range(0, Rows).Select(i => (i + 1) / 14.0)]),
        new NumericColumn("shareOne", [.. Enumerable.Range(0, Rows).Select(i => (i + 1) / (double)Rows)]),
        new NumericColumn("shareZero", [.. Enumerable.Range(0, Rows).Select(i => i / 14.0)]),
        new NumericColumn("same", [.. Enumerable.Repeat(0.4, Rows)]),
        new NumericColumn("trials", [.. Enumerable.Repeat(2.0, Rows)]),
        new NumericColumn("one", [.. Enumerable.Repeat(1.0, Rows)]),
        new NumericColumn("x", [.. Enumerable.Range(0, Rows).Select(i => Math.Sin(i))]),
        new TextColumn("words", [.. Enumerable.Range(0, Rows).Select(i => new[] { "low", "middle", "high" }[i % 3])]),
        new Factor("ranks", [.. Enumerable.Range(0, Rows).Select(i => i % 3)], ["low", "middle", "high"], isOrdered: true),
        new TextColumn("group", [.. Enumerable.Range(0, Rows).Select(i => "g" + i / 3)]),
        new TextColumn("each", [.. Enumerable.Range(0, Rows).Select(i => "r" + i)]),
    ]);

    [Theory]
    [InlineData("negative ~ x", "neg-binomial", "never negative")]
    [InlineData("fraction ~ x", "neg-binomial-1", "whole numbers")]
    [InlineData("fraction ~ x", "hurdle-poisson", "whole numbers")]
    [InlineData("none ~ x", "neg-binomial", "0 in all rows")]
    [InlineData("positive ~ x", "hurdle-poisson", "never 0")]
    [InlineData("few ~ x", "hurdle-neg-binomial", "never above 1")]
    [InlineData("words ~ x", "neg-binomial", "cumulative")]
    [InlineData("shareOne ~ x", "beta", "strictly between 0 and 1")]
    [InlineData("shareZero ~ x", "beta", "strictly between 0 and 1")]
    [InlineData("same ~ x", "beta", "does not vary")]
    [InlineData("counts ~ x", "lognormal", "positive")]
    [InlineData("counts ~ x", "beta-binomial", "--trials")]
    [InlineData("cbind(few, one - few) ~ x", "beta-binomial", "more than one trial")]
    [InlineData("cbind(counts, trials - counts) ~ x", "beta-binomial", "never negative")]
    [InlineData("cbind(few, one) ~ x", "neg-binomial", "two columns")]
    [InlineData("counts ~ x", "cumulative", "--ordered counts=")]
    [InlineData("words ~ x", "cumulative", "no order")]
    [InlineData("ranks ~ 0 + x", "cumulative", "thresholds in place of the intercept")]
    [InlineData("share ~ x + (1 | each)", "beta", "12 levels for 12 rows")]
    [InlineData("x ~ 1 + (1 | each)", "student", "12 levels for 12 rows")]
    public void Responses_and_formulas_that_do_not_suit_are_refused(string formula, string family, string part) => Refused(part, formula, family);

    [Theory]
    [InlineData("counts ~ x", "poisson", "~ x", null, "no dispersion")]
    [InlineData("ranks ~ x", "cumulative", "~ x", null, "no dispersion")]
    [InlineData("share ~ x", "beta", null, "~ x", "no zeros to inflate")]
    [InlineData("positive ~ x", "poisson", null, "~ 1", "never 0")]
    [InlineData("counts ~ x", "poisson", null, "y ~ x", "has a response")]
    [InlineData("counts ~ x", "neg-binomial", "~ x + (1 | group)", null, "group-level terms")]
    [InlineData("counts ~ x", "poisson", null, "~ (1 | group)", "group-level terms")]
    public void Formulas_of_components_that_do_not_suit_are_refused(string formula, string family, string? dispersion, string? zeroInflation, string part) =>
        Refused(part, formula, family, dispersion, zeroInflation);

    [Fact]
    public void Trials_are_for_beta_binomial_counts()
    {
        Refused("Trials belong", "counts ~ x", "neg-binomial", trials: "trials");
        Refused("successes lie between 0 and the trials", "counts ~ x", "beta-binomial", trials: "trials");
    }

    [Fact]
    public void Weights_must_not_be_negative() => Refused("weight", "counts ~ x", "neg-binomial", weights: "x");

    [Fact]
    public void A_family_or_link_that_is_not_there_is_refused_with_those_that_are()
    {
        Assert.Contains("beta", Assert.Throws<ModelException>(() => ResponseFamily.Parse("betta")).Message, StringComparison.Ordinal);
        Assert.Contains("probit", Assert.Throws<ModelException>(() => ResponseFamily.Parse("beta", "identity")).Message, StringComparison.Ordinal);
    }

    private static void Refused(string part, string formula, string family, string? dispersion = null, string? zeroInflation = null, string? trials = null, string? weights = null)
    {
        var error = Assert.Throws<ModelException>(() =>
        {
            var options = new ModelFrameOptions { Trials = trials is null ? null : Expression.Parse(trials), Weights = weights is null ? null : Expression.Parse(weights) };
            ComponentFrames frames = ComponentFrames.Learn(Formula.Parse(formula), Parse(dispersion), Parse(zeroInflation), Data, options);
            DistributionalModel.Fit(frames.Encode(Data), ResponseFamily.Parse(family));
        });
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static Formula? Parse(string? text) => text is null ? null : Formula.Parse(text);
}
