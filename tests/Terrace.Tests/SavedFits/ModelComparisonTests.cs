using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.SavedFits;

namespace Terrace.Tests.SavedFits;

/// <summary>What formulas say about nesting and boundaries; the numbers are compared with R's by the tests of the command.</summary>
public class ModelComparisonTests
{
    private static readonly Frame Data = new(
    [
        new NumericColumn("y", [1, 3, 2, 5, 4, 6, 8, 7]), new NumericColumn("x", [1, 2, 3, 4, 5, 6, 7, 9]), new NumericColumn("z", [2, 1, 1, 3, 5, 4, 2, 6]),
        new TextColumn("f", ["a", "b", "a", "b", "a", "b", "a", "b"]), new TextColumn("g", ["p", "p", "q", "q", "r", "r", "s", "s"]), new TextColumn("h", ["p", "q", "q", "r", "r", "s", "s", "p"]),
    ]);

    [Theory]
    [InlineData("y ~ x", "y ~ x + z")]
    [InlineData("y ~ 1", "y ~ 0 + f")]
    [InlineData("y ~ 0 + x", "y ~ x")]
    [InlineData("y ~ x + f:x", "y ~ x * f")]
    [InlineData("y ~ x + (1 | g)", "y ~ z + x + (z | g)")]
    [InlineData("y ~ x + (x || g)", "y ~ x + (x | g)")]
    [InlineData("y ~ x + (f || g)", "y ~ x + (f | g)")]
    [InlineData("y ~ x + (0 + x | g)", "y ~ x + (f + x || g)")]
    [InlineData("y ~ x + (1 | g)", "y ~ x + (1 | g / h)")]
    [InlineData("y ~ x + (1 | g:h)", "y ~ x + (1 | h) + (1 | h:g)")]
    [InlineData("y ~ x + offset(z)", "y ~ x + f + offset(z)")]
    public void Nested_terms_are_seen(string smaller, string larger) => Assert.DoesNotContain("not-nested", Codes(smaller, larger));

    [Theory]
    [InlineData("y ~ x", "y ~ z + f")]
    [InlineData("y ~ 1", "y ~ 0 + x")]
    [InlineData("y ~ x + (1 | g)", "y ~ x + z + (0 + x | g)")]
    [InlineData("y ~ x + (1 | g)", "y ~ x + (x | h)")]
    [InlineData("y ~ x + (x | g)", "y ~ x + (x || g) + (1 | h)")]
    [InlineData("y ~ x + (0 + f | g)", "y ~ x + (f || g)")]
    [InlineData("y ~ x + offset(z)", "y ~ x + f")]
    [InlineData("y ~ x", "y ~ poly(x, 2)")]
    public void What_the_terms_do_not_show_is_a_warning(string smaller, string larger) => Assert.Contains("not-nested", Codes(smaller, larger));

    [Theory]
    [InlineData("y ~ x", "y ~ x + (1 | g)", true)]
    [InlineData("y ~ x + (1 | g)", "y ~ x + (x | g)", true)]
    [InlineData("y ~ x + (x || g)", "y ~ x + (x | g)", false)]
    [InlineData("y ~ (1 | g)", "y ~ x + (1 | g)", false)]
    public void A_variance_tested_at_zero_is_on_the_boundary(string smaller, string larger, bool expected) =>
        Assert.Equal(expected, Codes(smaller, larger).Contains("boundary-test"));

    [Fact]
    public void Only_a_single_variance_halves_the_p_value()
    {
        Assert.Contains("half of it is right: 0.0228", Message("y ~ x", "y ~ x + (1 | g)", 1), StringComparison.Ordinal); // P(chi-square(1) > 4) = 0.0455
        Assert.DoesNotContain("half", Message("y ~ x + (1 | g)", "y ~ x + (x | g)", 2), StringComparison.Ordinal);
        Assert.DoesNotContain("half", Message("y ~ 1", "y ~ x + (1 | g)", 2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_larger_model_that_fits_worse_is_not_at_its_optimum()
    {
        ModelComparison comparison = ModelComparison.Of([Model("a", "y ~ x", 3, -10), Model("b", "y ~ x + z", 4, -11)]);
        Assert.Equal((0, 1), (comparison.Tests[0].ChiSquare, comparison.Tests[0].PValue));
        Assert.Contains(comparison.Warnings, warning => warning.Code == "not-converged");
    }

    [Fact]
    public void A_fit_that_did_not_converge_and_unlike_approximations_are_named()
    {
        ComparedModel a = Model("a", "y ~ x + (1 | g)", 3, -10) with { Engine = "laplace" }, b = Model("b", "y ~ x + z + (1 | g)", 4, -8) with { Engine = "agq:9", Converged = false };
        Assert.Equal(["not-converged", "approximations-differ"], ModelComparison.Of([a, b]).Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void Restricted_likelihoods_of_differently_coded_fixed_effects_are_refused()
    {
        ComparedModel treatment = Model("a", "y ~ f + (1 | g)", 4, -10) with { Engine = "reml" }, larger = Model("b", "y ~ f + (x | g)", 6, -8) with { Engine = "reml" };
        var sum = new ModelFrameOptions { Contrasts = new Dictionary<string, ContrastCoding> { ["f"] = ContrastCoding.Parse("sum") } };
        var helmert = new ModelFrameOptions { Contrasts = new Dictionary<string, ContrastCoding> { ["f"] = ContrastCoding.Parse("helmert") } };
        Assert.Equal(4, ModelComparison.Of([treatment, larger]).Tests[0].ChiSquare);
        Assert.Throws<ModelException>(() => ModelComparison.Of([Coded(treatment, sum), Coded(larger, helmert)]));
        Assert.Equal(4, ModelComparison.Of([Coded(treatment, sum), Coded(larger, sum)]).Tests[0].ChiSquare);
    }

    [Fact]
    public void Every_model_is_checked_not_only_the_second()
    {
        ComparedModel a = Model("a", "y ~ 1", 2, -10), b = Model("b", "y ~ x", 3, -8), c = Model("c", "y ~ x + z", 4, -7) with { Rows = 7 };
        Assert.Contains("'c'", Assert.Throws<ModelException>(() => ModelComparison.Of([a, b, c])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ModelComparison.Of([a]));
    }

    private static string[] Codes(string smaller, string larger) => [.. Compare(smaller, larger, 1).Warnings.Select(warning => warning.Code)];

    private static string Message(string smaller, string larger, int df) => Compare(smaller, larger, df).Warnings.Single(warning => warning.Code == "boundary-test").Message;

    private static ModelComparison Compare(string smaller, string larger, int df) => ModelComparison.Of([Model("small", smaller, 3, -10), Model("large", larger, 3 + df, -8)]);

    private static ComparedModel Coded(ComparedModel model, ModelFrameOptions options) => model with { Frame = ModelFrame.Learn(Formula.Parse(model.Formula), Data, options) };

    private static ComparedModel Model(string name, string formula, int df, double logLikelihood)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula), Data);
        return new ComparedModel
        {
            Name = name,
            Frame = frame,
            Formula = formula,
            Family = "gaussian",
            Link = "identity",
            Engine = "ml",
            Rows = 8,
            LogLikelihood = logLikelihood,
            Aic = -2 * logLikelihood + 2 * df,
            Bic = -2 * logLikelihood + Math.Log(8) * df,
            Converged = true,
            Data = DataFingerprint.Of(frame.Encode(Data)),
        };
    }
}
