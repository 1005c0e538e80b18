using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.SavedFits;
using Terrace.Tests.TestData;

namespace Terrace.Tests.SavedFits;

public class SavedFitFileTests
{
    [Theory]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days | Subject)", "gaussian")]
    [InlineData("sleepstudy", "Reaction ~ poly(Days, 2) + (1 | Subject) + (0 + Days | Subject)", "gaussian")]
    [InlineData("cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "binomial")]
    [InlineData("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", "gaussian")]
    [InlineData("Dyestuff2", "Yield ~ 1 + (1 | Batch)", "gaussian")]
    [InlineData("mtcars", "mpg ~ wt + I(2 * wt) + factor(cyl)", "gaussian")]
    [InlineData("clotting", "lot1 ~ log(u)", "gamma")]
    public void A_fit_read_back_predicts_the_same_bits_and_compares_by_the_same_numbers(string name, string formula, string family)
    {
        Frame data = Fixtures.Data(name);
        SavedFit fit = Fit(data, formula, Family.Parse(family));
        string path = Path.Combine(Directory.CreateTempSubdirectory("terrace-fit-").FullName, "fit");
        try
        {
            SavedFitFile.Write(fit, path);
            SavedFit read = SavedFitFile.Read(path);
            Assert.Equal(fit.Data, read.Data);
            Assert.Equal(ComparedModel.Of("a", fit), SavedFitFile.ReadForComparison(path, "a") with { Frame = fit.Frame });
            foreach (PredictionInterval interval in Enum.GetValues<PredictionInterval>())
            {
                RowPredictions before = Predict(fit, data, interval), after = Predict(read, data, interval);
                Assert.Equal(before.Estimates, after.Estimates);
                Assert.Equal(before.Sds, after.Sds);
                Assert.Equal(before.Upper, after.Upper);
            }
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static SavedFit Fit(Frame data, string text, Family family)
    {
        Formula formula = Formula.Parse(text);
        ModelFrame frame = ModelFrame.Learn(formula, data);
        ModelRows rows = frame.Encode(data);
        var context = new FitContext(text, "default", rows.Rows, rows.Cells, rows.OmittedRows);
        if (formula.RandomTerms.Count == 0)
        {
            GeneralizedLinearModelFit linear = GeneralizedLinearModel.Fit(rows, family);
            return new SavedFit(frame, PredictionModel.Of(linear), LinearFitReport.Of(linear, context), DataFingerprint.Of(rows));
        }
        MixedModelFit mixed = family.IsGaussian ? LinearMixedModel.Fit(rows) : GeneralizedLinearMixedModel.Fit(rows, family);
        return new SavedFit(frame, PredictionModel.Of(mixed), MixedFitReport.Of(mixed, context), DataFingerprint.Of(rows));
    }

    private static RowPredictions Predict(SavedFit fit, Frame data, PredictionInterval interval)
    {
        ModelRows rows = fit.Frame.Encode(data, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        return new Predictor(fit.Model!, new PredictionOptions { Interval = interval }).Predict(rows, data.RowCount);
    }
}
