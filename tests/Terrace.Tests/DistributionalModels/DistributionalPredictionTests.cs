using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Families;
using Terrace.Families.Densities;
using Terrace.Predictions;
using Terrace.SavedFits;
using Terrace.Tests.TestData;

namespace Terrace.Tests.DistributionalModels;

public class DistributionalPredictionTests
{
    /// <summary>glmmTMB's standard errors of the conditional predictor include the uncertainty of all parameters, as ours.</summary>
    [Theory]
    [InlineData("glmmtmb_owls_nbinom1")]
    [InlineData("glmmtmb_owls_nbinom2")]
    [InlineData("glmmtmb_owls_zip")]
    [InlineData("glmmtmb_salamanders_zinb")]
    [InlineData("glmmtmb_salamanders_dispersion_model")]
    [InlineData("glmmtmb_salamanders_hurdle_poisson")]
    public void Predictors_and_their_standard_errors_agree_with_glmmTMB(string name)
    {
        RowPredictions own = Predict(name, new PredictionOptions { Scale = PredictionScale.Link });
        JsonElement reference = Fixtures.Reference(name);
        for (int row = 0; row < 20; row++)
        {
            Close(reference.GetProperty("predict_link_first20")[row].GetDouble(), own.Estimates[row], 1e-3, $"predictor of row {row}");
            Close(reference.GetProperty("predict_se_link_first20")[row].GetDouble(), own.Sds[row], 2e-3, $"standard error of row {row}");
        }
    }

    [Theory]
    [InlineData("glmmtmb_owls_zip")]
    [InlineData("glmmtmb_salamanders_zinb")]
    [InlineData("glmmtmb_salamanders_hurdle_poisson")]
    [InlineData("glmmtmb_repvote_beta")]
    public void Means_are_those_of_the_whole_model(string name)
    {
        RowPredictions own = Predict(name, new PredictionOptions());
        DistributionalModelFit fit = DistributionalFixture.Fit(name);
        for (int row = 0; row < 20; row++)
        {
            Close(Fixtures.Reference(name).GetProperty("fitted_first20")[row].GetDouble(), own.Estimates[row], 1e-3, $"mean of row {row}");
            Close(fit.Fitted[row], own.Estimates[row], 1e-9, $"fitted value of row {row}");
            Assert.True(own.Lower[row] < own.Estimates[row] && own.Estimates[row] < own.Upper[row] && own.Lower[row] > 0);
        }
    }

    /// <summary>The delta method written out for (1 − π) e^η.</summary>
    [Fact]
    public void The_standard_error_of_a_mean_counts_the_zero_part()
    {
        RowPredictions whole = Predict("glmmtmb_salamanders_zinb", new PredictionOptions { Groups = [] });
        RowPredictions link = Predict("glmmtmb_salamanders_zinb", new PredictionOptions { Groups = [], Scale = PredictionScale.Link });
        DistributionalModelFit fit = DistributionalFixture.Fit("glmmtmb_salamanders_zinb");
        var zero = fit.Find("zero-inflation")!;
        double z = zero.Estimates[0], ze = zero.StandardErrors(fit.Covariance)[0], cov = fit.Covariance[fit.Conditional.First, zero.First];
        double probability = 1 / (1 + Math.Exp(-z)), mean = Math.Exp(link.Estimates[0]) * (1 - probability);
        double variance = mean * mean * (Math.Pow(link.Sds[0], 2) + Math.Pow(probability * ze, 2) - 2 * probability * cov);
        Close(mean, whole.Estimates[0], 1e-10, "mean");
        Close(Math.Sqrt(variance), whole.Sds[0], 1e-6, "standard error of the mean");
    }

    [Theory]
    [InlineData("neg-binomial", false)]
    [InlineData("neg-binomial-1", true)]
    [InlineData("poisson", true)]
    [InlineData("hurdle-neg-binomial", false)]
    [InlineData("hurdle-poisson", false)]
    public void Cumulative_probabilities_of_counts_are_sums(string family, bool zeroInflated)
    {
        ResponseFamily parsed = ResponseFamily.Parse(family);
        double[] y = [.. Enumerable.Range(0, 12).Select(count => (double)count)];
        ResponseDensity density = parsed.Density(new OutcomeValues(y, null, [.. y.Select(_ => 1.0)], []), zeroInflated);
        var at = new DensityDerivatives(y.Length, density.Parameters);
        density.SetParameters([.. Enumerable.Range(0, density.Parameters).Select(k => Enumerable.Repeat(0.3 - k, y.Length).ToArray())]);
        density.Evaluate([.. y.Select(_ => 0.8)], DensityDetail.Modes, at);
        double sum = 0;
        double[] psi = [.. Enumerable.Range(0, density.Parameters).Select(k => 0.3 - k)];
        for (int count = 0; count < y.Length; count++)
        {
            sum += Math.Exp(at.Value[count]);
            Assert.Equal(sum, ResponseCdf.At(parsed, count, 0.8, psi, zeroInflated || parsed.IsHurdle), 1e-10);
        }
    }

    [Fact]
    public void An_interval_of_outcomes_holds_as_many_as_it_says()
    {
        RowPredictions own = Predict("glmmtmb_owls_nbinom2", new PredictionOptions { Interval = PredictionInterval.Outcome, Level = 0.9 });
        DistributionalModelFit fit = DistributionalFixture.Fit("glmmtmb_owls_nbinom2");
        double inside = fit.Response.Where((y, row) => y >= own.Lower[row] && y <= own.Upper[row]).Count() / (double)fit.Rows;
        Assert.InRange(inside, 0.9, 0.99);
        Assert.All(own.Lower, bound => Assert.Equal(bound, Math.Round(bound)));
    }

    [Fact]
    public void A_new_group_adds_its_variance()
    {
        RowPredictions known = Predict("glmmtmb_owls_nbinom2", new PredictionOptions { Groups = [], Scale = PredictionScale.Link });
        RowPredictions unknown = Predict("glmmtmb_owls_nbinom2", new PredictionOptions { Interval = PredictionInterval.Group, Scale = PredictionScale.Link });
        double sd = DistributionalFixture.Fit("glmmtmb_owls_nbinom2").Terms[0].StandardDeviation(0);
        Close(Math.Sqrt(Math.Pow(known.Sds[0], 2) + sd * sd), unknown.Sds[0], 1e-9, "standard deviation in a new group");
    }

    [Theory]
    [InlineData("glmmtmb_salamanders_zinb")]
    [InlineData("glmmtmb_salamanders_dispersion_model")]
    [InlineData("glm_nb_owls")]
    public void A_saved_fit_predicts_the_same(string name)
    {
        DistributionalFixture fixture = DistributionalFixture.Of(name);
        ComponentFrames frames = fixture.Frames();
        Frame data = Fixtures.Data(fixture.Data);
        ComponentRows rows = frames.Encode(data);
        DistributionalModelFit fit = DistributionalModel.Fit(rows, ResponseFamily.Parse(fixture.Family));
        var context = new FitContext(fixture.Formula, fit.Engine, fit.Rows, fit.Cells, 0);
        var saved = new SavedFit(frames.Conditional, null, DistributionalFitReport.Of(fit, frames, context), DataFingerprint.Of(rows.Conditional)) { Distributional = DistributionalPredictionModel.Of(fit, frames) };
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.fit");
        SavedFitFile.Write(saved, path);
        SavedFit read = SavedFitFile.Read(path);
        Assert.Null(read.Model);
        RowPredictions own = new DistributionalPredictor(saved.Distributional).Predict(rows, data.RowCount)[0].Rows;
        RowPredictions again = new DistributionalPredictor(read.Distributional!).Predict(read.Distributional!.Frames.Encode(data, EncodeOptions.Prediction), data.RowCount)[0].Rows;
        Assert.Equal(own.Estimates, again.Estimates);
        Assert.Equal(own.Sds, again.Sds);
        Assert.Equal(fit.ParameterCount, SavedFitFile.ReadForComparison(path, "model").Df);
    }

    private static RowPredictions Predict(string name, PredictionOptions options)
    {
        DistributionalFixture fixture = DistributionalFixture.Of(name);
        ComponentFrames frames = fixture.Frames();
        Frame data = Fixtures.Data(fixture.Data);
        ComponentRows rows = frames.Encode(data);
        DistributionalModelFit fit = DistributionalModel.Fit(rows, ResponseFamily.Parse(fixture.Family));
        return new DistributionalPredictor(DistributionalPredictionModel.Of(fit, frames), options).Predict(rows, data.RowCount)[0].Rows;
    }

    private static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-8), $"{what}: expected {expected:R}, got {actual:R}");
}
