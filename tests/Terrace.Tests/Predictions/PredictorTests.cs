using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;
using Terrace.Predictions;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Predictions;

public class PredictorTests
{
    [Fact]
    public void A_linear_model_predicts_as_predict_lm_does()
    {
        (PredictionModel model, ModelFrame frame) = Linear("mpg ~ wt + factor(cyl)", Fixtures.Data("mtcars"), Family.Gaussian());
        Frame cars = new([new NumericColumn("wt", [2, 3.5]), new IntegerColumn("cyl", [4, 8])]);
        RowPredictions mean = Predict(model, frame, cars, new PredictionOptions { Level = 0.9 });
        Close([27.5795674967467, 16.7002879319666], mean.Estimates);
        Close([0.800466802449164, 0.780147289997457], mean.Sds);
        Close([26.2178686572475, 15.3731552436681], mean.Lower);
        Close([28.9412663362459, 18.0274206202650], mean.Upper);
        RowPredictions outcome = Predict(model, frame, cars, new PredictionOptions { Interval = PredictionInterval.Outcome });
        Close([22.0913056177849, 11.2243172295311], outcome.Lower);
        Close([33.0678293757086, 22.1762586344020], outcome.Upper);
    }

    [Fact]
    public void A_logistic_model_predicts_as_predict_glm_does_and_keeps_intervals_between_0_and_1()
    {
        (PredictionModel model, ModelFrame frame) = Linear("am ~ wt", Fixtures.Data("mtcars"), Family.Binomial());
        Frame cars = new([new NumericColumn("wt", [2, 3.5])]);
        RowPredictions mean = Predict(model, frame, cars);
        Close([0.981879590389093, 0.114708267385357], mean.Estimates, 1e-7);
        Close([0.0302826097002904, 0.0817949112018926], mean.Sds, 1e-6);
        Close([0.6584767530667984, 0.0260281943230558], mean.Lower, 1e-6);
        Close([0.999343772172868, 0.385836314958387], mean.Upper, 1e-6);
        RowPredictions link = Predict(model, frame, cars, new PredictionOptions { Scale = PredictionScale.Link });
        Close([1.702029392695318, 0.805462186560127], link.Sds, 1e-6);
    }

    [Fact]
    public void Aliased_combinations_that_the_data_say_nothing_about_have_no_prediction()
    {
        Frame data = new([new NumericColumn("y", [1, 3, 2, 5]), new NumericColumn("a", [1, 2, 3, 4]), new NumericColumn("b", [2, 4, 6, 8])]);
        (PredictionModel model, ModelFrame frame) = Linear("y ~ a + b", data, Family.Gaussian());
        RowPredictions predictions = Predict(model, frame, new Frame([new NumericColumn("a", [5, 5]), new NumericColumn("b", [10, 11])]));
        Assert.True(double.IsFinite(predictions.Estimates[0]));
        Assert.True(double.IsNaN(predictions.Estimates[1]));
        Assert.Equal(1, predictions.Omitted);
    }

    [Fact]
    public void A_mixed_model_predicts_as_lme4_does_for_known_and_new_levels()
    {
        (PredictionModel model, ModelFrame frame, Frame radon) = Radon();
        RowPredictions known = Predict(model, frame, radon);
        Close([0.498506643898314, 1.19150037852295], known.Estimates[..2], 1e-5);
        RowPredictions fixedPart = Predict(model, frame, radon, new PredictionOptions { Groups = [] });
        Close([0.768604140845317, 1.46159787546995], fixedPart.Estimates[..2], 1e-6);
        RowPredictions unseen = Predict(model, frame, new Frame([new TextColumn("county", ["NEW"]), new IntegerColumn("floor", [0])]));
        Assert.Equal(fixedPart.Estimates[1], unseen.Estimates[0], 12);
        Assert.Equal(["NEW"], unseen.Unseen[0].Levels);
        double between = model.Terms[0].Covariance[0, 0];
        Assert.Equal(Math.Sqrt(fixedPart.Sds[1] * fixedPart.Sds[1] + between), unseen.Sds[0], 10);
    }

    /// <summary>The sd of 4,000 draws is known to 1.1 %: a false alarm at 5 % has a chance below 1e-5.</summary>
    [Fact]
    public void The_sd_of_a_mixed_models_mean_is_that_of_draws_of_the_coefficients()
    {
        (PredictionModel model, ModelFrame frame, Frame radon) = Radon();
        ConditionalDistribution distribution = model.Joint!.AtEstimate();
        var rng = new Rng(17, 0);
        RandomTermFit county = model.Terms[0];
        var draws = new double[4000];
        for (int d = 0; d < draws.Length; d++)
        {
            distribution.Draw(rng);
            draws[d] = distribution.FixedEffects[0] + distribution.FixedEffects[1] + distribution.RandomEffect(county, 0, 0);
        }
        double mean = draws.Average(), sd = Math.Sqrt(draws.Sum(x => (x - mean) * (x - mean)) / (draws.Length - 1));
        RowPredictions predictions = Predict(model, frame, radon);
        Assert.InRange(predictions.Sds[0], 0.95 * sd, 1.05 * sd);
    }

    [Fact]
    public void An_unknown_grouping_factor_is_named()
    {
        (PredictionModel model, _, _) = Radon();
        ModelException fault = Assert.Throws<ModelException>(() => new Predictor(model, new PredictionOptions { Groups = ["conty"] }));
        Assert.Contains("'county'", fault.Message, StringComparison.Ordinal);
    }

    private static (PredictionModel Model, ModelFrame Frame, Frame Data) Radon()
    {
        Frame radon = Fixtures.Data("radon");
        ModelFrame frame = ModelFrame.Learn(Formula.Parse("log_radon ~ floor + (1 | county)"), radon);
        return (PredictionModel.Of(LinearMixedModel.Fit(frame.Encode(radon))), frame, radon);
    }

    private static (PredictionModel Model, ModelFrame Frame) Linear(string formula, Frame data, Family family)
    {
        ModelFrame frame = ModelFrame.Learn(Formula.Parse(formula), data);
        ModelRows rows = frame.Encode(data);
        return (PredictionModel.Of(family.IsGaussian ? LinearModel.Fit(rows) : GeneralizedLinearModel.Fit(rows, family)), frame);
    }

    private static RowPredictions Predict(PredictionModel model, ModelFrame frame, Frame data, PredictionOptions? options = null)
    {
        ModelRows rows = frame.Encode(data, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        return new Predictor(model, options).Predict(rows, data.RowCount);
    }

    private static void Close(double[] expected, double[] actual, double tolerance = 1e-9)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - tolerance * Math.Abs(expected[i]), expected[i] + tolerance * Math.Abs(expected[i]));
    }
}
