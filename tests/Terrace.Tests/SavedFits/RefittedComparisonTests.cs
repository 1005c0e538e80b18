using Terrace.Design;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.SavedFits;
using Terrace.Tests.TestData;

namespace Terrace.Tests.SavedFits;

/// <summary>Comparisons of fits whose rows are at hand, against lme4's anova, which refits as well.</summary>
public class RefittedComparisonTests
{
    [Fact]
    public void Fits_by_REML_with_different_fixed_effects_are_refitted_by_maximum_likelihood()
    {
        var asked = new List<string>();
        ComparedModel[] models = [Fit("none", "Reaction ~ 1 + (Days | Subject)"), Fit("days", "Reaction ~ Days + (Days | Subject)")];
        ModelComparison comparison = ModelComparison.Of(models, model =>
        {
            asked.Add(model.Name);
            return model.Frame.Encode(Fixtures.Data("sleepstudy"));
        });
        Assert.Equal(["none", "days"], asked);
        Assert.Equal(23.5365374977844, comparison.Tests[0].ChiSquare, 1e-6);
        Assert.Equal(-887.737940980539, comparison.Models[0].LogLikelihood!.Value, 1e-6);
        Assert.Equal(["refitted-ml"], comparison.Warnings.Select(warning => warning.Code));
        Assert.Throws<ModelException>(() => ModelComparison.Of(models));
    }

    [Fact]
    public void Rows_are_asked_for_only_where_a_refit_is_needed()
    {
        ComparedModel[] models = [Fit("intercept", "Reaction ~ Days + (1 | Subject)"), Fit("slope", "Reaction ~ Days + (Days | Subject)")];
        Assert.Equal(42.8368134364305, ModelComparison.Of(models, _ => throw new InvalidOperationException("No refit is needed.")).Tests[0].ChiSquare, 1e-6);
    }

    [Fact]
    public void Other_rows_than_the_fits_are_refused()
    {
        ComparedModel[] models = [Fit("none", "Reaction ~ 1 + (1 | Subject)"), Fit("days", "Reaction ~ Days + (1 | Subject)")];
        ModelException fault = Assert.Throws<ModelException>(() => ModelComparison.Of(models, model => model.Frame.Encode(Fixtures.Data("sleepstudy").Select([3, 2, 1, .. Enumerable.Range(4, 176)]))));
        Assert.Contains("'none'", fault.Message, StringComparison.Ordinal);
    }

    private static ComparedModel Fit(string name, string formula)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula), Fixtures.Data("sleepstudy"));
        ModelRows rows = frame.Encode(Fixtures.Data("sleepstudy"));
        MixedModelFit fit = LinearMixedModel.Fit(rows);
        return ComparedModel.Of(name, new SavedFit(frame, PredictionModel.Of(fit), MixedFitReport.Of(fit, new FitContext(formula, "reml", rows.Rows, rows.Cells, 0)), DataFingerprint.Of(rows)));
    }
}
