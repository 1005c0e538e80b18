using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.NonlinearModels;
using Terrace.Predictions;
using Terrace.SavedFits;
using Terrace.Tests.TestData;

namespace Terrace.Tests.NonlinearModels;

public class NonlinearPredictionTests
{
    private static readonly Frame Orange = Fixtures.Data("Orange");
    private static readonly NonlinearModelFrame Mixed = NonlinearModelFrame.Learn(NonlinearFormula.Parse("circumference ~ SSlogis(age, Asym, xmid, scal) ~ (Asym | Tree) + (xmid | Tree)"), Orange);
    private static readonly NonlinearMixedModelFit Fit = NonlinearMixedModel.Fit(Mixed, Mixed.Encode(Orange));

    private static RowPredictions Predict(PredictionModel model, ModelFrame coding, Frame rows, PredictionOptions? options = null) =>
        new Predictor(model, options).Predict(coding.Encode(rows, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow }), rows.RowCount);

    private static Frame NewRows() => new([new TextColumn("Tree", ["3", "5", "new"]), new NumericColumn("age", [400, 900, 900])]);

    [Fact]
    public void The_rows_of_the_data_are_predicted_as_fitted()
    {
        RowPredictions predictions = Predict(PredictionModel.Of(Fit), Mixed.Coding, Orange);
        double[] fitted = Fit.FittedValues();
        for (int i = 0; i < fitted.Length; i++) NonlinearFixture.Close(fitted[i], predictions.Estimates[i], 1e-10, $"row {i}");
    }

    [Fact]
    public void A_new_level_is_predicted_by_the_fixed_effects_with_the_variance_between_levels()
    {
        RowPredictions all = Predict(PredictionModel.Of(Fit), Mixed.Coding, NewRows());
        RowPredictions none = Predict(PredictionModel.Of(Fit), Mixed.Coding, NewRows(), new PredictionOptions { Groups = [] });
        double[] gradient = new double[3];
        double mean = Fit.Mean.Evaluate([900], Fit.Beta, gradient);
        NonlinearFixture.Close(mean, all.Estimates[2], 1e-12, "new level");
        NonlinearFixture.Close(mean, none.Estimates[1], 1e-12, "without groups");
        double fixedVariance = 0, groups = 0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) fixedVariance += gradient[i] * Fit.BetaCovariance[i, j] * gradient[j];
        foreach (var term in Fit.Terms) groups += Math.Pow(gradient[Fit.FixedNames.ToList().IndexOf(term.TermNames[0])] * term.StandardDeviation(0), 2);
        NonlinearFixture.Close(Math.Sqrt(fixedVariance), none.Sds[1], 1e-8, "sd without groups");
        NonlinearFixture.Close(Math.Sqrt(fixedVariance + groups), all.Sds[2], 1e-8, "sd of a new level");
        RowPredictions outcome = Predict(PredictionModel.Of(Fit), Mixed.Coding, NewRows(), new PredictionOptions { Interval = PredictionInterval.Outcome });
        NonlinearFixture.Close(Math.Sqrt(fixedVariance + groups + Fit.Sigma * Fit.Sigma), outcome.Sds[2], 1e-8, "sd of an outcome");
    }

    [Fact]
    public void A_saved_fit_predicts_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "tree.fit");
        FitReport report = NonlinearFitReport.Of(Fit, new FitContext(Mixed.Formula.ToString(), "laplace", 35, 35, 0));
        SavedFitFile.Write(new SavedFit(Mixed.Coding, PredictionModel.Of(Fit), report), path);
        SavedFit read = SavedFitFile.Read(path);
        Assert.Equal(["Asym", "xmid", "scal"], read.Model!.Nonlinear!.Parameters);
        RowPredictions expected = Predict(PredictionModel.Of(Fit), Mixed.Coding, NewRows()), actual = Predict(read.Model, read.Frame, NewRows());
        Assert.Equal(expected.Estimates, actual.Estimates);
        Assert.Equal(expected.Sds, actual.Sds);
    }

    [Fact]
    public void Least_squares_predictions_have_the_delta_methods_errors_and_t_intervals()
    {
        var frame = NonlinearModelFrame.Learn(NonlinearFormula.Parse("circumference ~ SSlogis(age, Asym, xmid, scal)"), Orange);
        NonlinearModelFit fit = NonlinearLeastSquares.Fit(frame, frame.Encode(Orange));
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "nls.fit");
        SavedFitFile.Write(new SavedFit(frame.Coding, PredictionModel.Of(fit), NonlinearFitReport.Of(fit, new FitContext(frame.Formula.ToString(), "ml", 35, 7, 0))), path);
        SavedFit read = SavedFitFile.Read(path);
        RowPredictions predictions = Predict(read.Model!, read.Frame, NewRows());
        double[] gradient = new double[3];
        double mean = fit.Mean.Evaluate([400], [.. fit.Estimates.Values], gradient), variance = 0;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) variance += gradient[i] * fit.Estimates.Covariance[i, j] * gradient[j];
        NonlinearFixture.Close(mean, predictions.Estimates[0], 1e-12, "mean");
        NonlinearFixture.Close(Math.Sqrt(variance), predictions.Sds[0], 1e-9, "sd");
        NonlinearFixture.Close(mean + 2.036933343460101 * Math.Sqrt(variance), predictions.Upper[0], 1e-9, "t quantile of 32 degrees of freedom");
    }

    [Fact]
    public void A_fit_with_a_function_of_ones_own_is_not_saved()
    {
        var options = new NonlinearModelOptions { Functions = [MeanFunction.Of("line", ["t"], ["a", "b"], (x, phi) => phi[0] + phi[1] * x[0])], Start = new Dictionary<string, double> { ["a"] = 1, ["b"] = 1 } };
        var frame = NonlinearModelFrame.Learn(NonlinearFormula.Parse("circumference ~ line(age, a, b)"), Orange, options);
        NonlinearModelFit fit = NonlinearLeastSquares.Fit(frame, frame.Encode(Orange), options);
        var saved = new SavedFit(frame.Coding, PredictionModel.Of(fit), NonlinearFitReport.Of(fit, new FitContext(frame.Formula.ToString(), "ml", 35, 7, 0)));
        var fault = Assert.Throws<ModelException>(() => SavedFitFile.Write(saved, new MemoryStream()));
        Assert.Contains("line(age, a, b)", fault.Message, StringComparison.Ordinal);
    }
}
