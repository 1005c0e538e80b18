using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.SavedFits;
using Terrace.Tests.TestData;

namespace Terrace.Tests.SavedFits;

/// <summary>Fits with a sparse tail, and iterative ones, in files.</summary>
public sealed class SparseFitFileTests : IDisposable
{
    private const string Text = "diameter ~ 1 + (1 | plate) + (1 | sample)";
    private static readonly Frame Data = Fixtures.Data("Penicillin");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sparse_fit_read_back_predicts_the_same_bits_and_what_a_dense_one_predicts()
    {
        SavedFit sparse = Fit(Factorisation.Sparse), read = ReadBack(sparse);
        RowPredictions before = Predict(sparse), after = Predict(read), dense = Predict(Fit(Factorisation.Dense));
        Assert.Equal(Factorisation.Sparse, read.Model!.Joint!.Factorisation);
        Assert.Equal(before.Estimates, after.Estimates);
        Assert.Equal(before.Sds, after.Sds);
        for (int i = 0; i < Data.RowCount; i++) Assert.InRange(Math.Abs(dense.Sds[i] / before.Sds[i] - 1), 0, 1e-5);
    }

    [Fact]
    public void An_iterative_fit_read_back_predicts_without_standard_deviations()
    {
        SavedFit fit = Fit(Factorisation.Iterative), read = ReadBack(fit);
        RowPredictions before = Predict(fit), after = Predict(read), dense = Predict(Fit(Factorisation.Dense));
        Assert.Equal(before.Estimates, after.Estimates);
        for (int i = 0; i < Data.RowCount; i++)
        {
            Assert.InRange(after.Estimates[i], dense.Estimates[i] - 0.01, dense.Estimates[i] + 0.01);
            Assert.True(double.IsNaN(after.Sds[i]));
        }
    }

    private SavedFit ReadBack(SavedFit fit)
    {
        string path = _folder.Write("fit", []);
        SavedFitFile.Write(fit, path);
        return SavedFitFile.Read(path);
    }

    private static SavedFit Fit(Factorisation factorisation)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(Text), Data);
        ModelRows rows = frame.Encode(Data);
        MixedModelFit fit = LinearMixedModel.Fit(rows, new() { Factorisation = factorisation });
        return new SavedFit(frame, PredictionModel.Of(fit), MixedFitReport.Of(fit, new FitContext(Text, "default", rows.Rows, rows.Cells, rows.OmittedRows)), DataFingerprint.Of(rows));
    }

    private static RowPredictions Predict(SavedFit fit) =>
        new Predictor(fit.Model!).Predict(fit.Frame.Encode(Data, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow }), Data.RowCount);
}
