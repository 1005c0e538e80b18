using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.Tests.TestData;
using static Terrace.Tests.MixedModels.DenseAlgebra;

namespace Terrace.Tests.Predictions;

/// <summary>
/// Predictions with all, some and none of the group-level effects, known and new levels, slopes, nested factors and offsets, against lme4 1.1-31:
/// <c>predict(lmer(y ~ x + offset(off) + (1 + x | g) + (1 | a/b)), new, re.form = …, allow.new.levels = TRUE)</c> on forms.csv.
/// </summary>
public class GroupPredictionTests
{
    private static readonly Frame New = new(
    [
        new NumericColumn("x", [0, 1, -0.5, 2]), new TextColumn("g", ["g01", "g02", "NEW", "g03"]), new TextColumn("a", ["a1", "a2", "a3", "NEWA"]), new TextColumn("b", ["b1", "b2", "b9", "b1"]), new NumericColumn("off", [0.1, 0, -0.2, 0.3]),
    ]);

    [Theory]
    [InlineData("all", new[] { 0.5713157335, -0.4815266677, -0.2314929828, 1.071250962 })]
    [InlineData("", new[] { -0.0371979417, 0.3197166507, -0.5656552379, 1.076631243 })]
    [InlineData("g", new[] { -0.6005015349, -0.3916698349, -0.5656552379, 1.071250962 })]
    [InlineData("b:a,a", new[] { 1.134619327, 0.229859818, -0.2314929828, 1.076631243 })]
    public void Of_a_linear_model(string groups, double[] expected)
    {
        var (fit, coding) = Fit("y ~ x + offset(off) + (1 + x | g) + (1 | a/b)");
        string[]? chosen = groups switch { "all" => null, "" => [], _ => groups.Split(',') };
        RowPredictions own = Predict(fit, coding, new PredictionOptions { Groups = chosen });
        for (int i = 0; i < expected.Length; i++) AssertClose(expected[i], own.Estimates[i], 2e-6, $"row {i}");
    }

    [Fact]
    public void Of_a_generalised_model_on_both_scales()
    {
        var (fit, coding) = Fit("s ~ x + (1 | g) + (1 | a)", Family.Binomial());
        double[] response = [0.471543029, 0.3861771876, 0.5499361347, 0.5465779712], link = [-0.07891240913, 0.102701926, -0.1697195767, 0.2843162612];
        RowPredictions all = Predict(fit, coding, new PredictionOptions()), none = Predict(fit, coding, new PredictionOptions { Groups = [], Scale = PredictionScale.Link });
        for (int i = 0; i < 4; i++)
        {
            AssertClose(response[i], all.Estimates[i], 5e-6, $"response {i}");
            AssertClose(link[i], none.Estimates[i], 5e-6, $"link {i}");
        }
    }

    /// <summary>glmmTMB's standard errors also count the variance parameters as estimated, which adds a little.</summary>
    [Fact]
    public void Standard_deviations_are_a_little_below_those_that_count_the_variances_uncertainty_too()
    {
        var (linear, coding) = Fit("y ~ x + offset(off) + (1 + x | g) + (1 | a/b)");
        var (logit, other) = Fit("s ~ x + (1 | g) + (1 | a)", Family.Binomial());
        double[] own = Predict(linear, coding, new PredictionOptions()).Sds, ofLink = Predict(logit, other, new PredictionOptions { Scale = PredictionScale.Link }).Sds;
        foreach (var (sd, tmb) in new[] { own[0], own[1], ofLink[0], ofLink[1] }.Zip([0.3276138912, 0.4199251649, 0.4694605389, 0.5176026852])) Assert.InRange(sd / tmb, 0.97, 1);
    }

    private static RowPredictions Predict(MixedModelFit fit, ModelFrame coding, PredictionOptions options) =>
        new Predictor(PredictionModel.Of(fit), options).Predict(coding.Encode(New, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow }), 4);

    private static (MixedModelFit Fit, ModelFrame Coding) Fit(string formula, Family? family = null)
    {
        Frame data = CsvFile.Read(Fixtures.DataPath("forms"));
        var coding = ModelFrame.Learn(Formula.Parse(formula), data);
        ModelRows rows = coding.Encode(data);
        return (family is null ? LinearMixedModel.Fit(rows) : GeneralizedLinearMixedModel.Fit(rows, family), coding);
    }
}
