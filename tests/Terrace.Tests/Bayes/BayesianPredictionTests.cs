using Terrace.Bayes;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.Inference.Evaluation;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Predictions;
using Terrace.SavedFits;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Bayes;

public class BayesianPredictionTests
{
    private static readonly NutsOptions Short = new() { Chains = 2, Warmup = 300, Iterations = 400, AdaptDelta = 0.95, MaxTreeDepth = 12, Seed = 2 };
    private static readonly Lazy<Fitted> Radon = new(() => Fitted.Of("log_radon ~ floor + (1 + floor | county)", "radon", "gaussian"));

    /// <summary>E(y) of each draw written out from the draws' names: Σ b x + r[county,…], for known counties.</summary>
    [Fact]
    public void Means_are_those_of_the_draws_written_out()
    {
        Fitted own = Radon.Value;
        RowPredictions predictions = own.Predict(new PredictionOptions())[0].Rows;
        Frame data = Fixtures.Data("radon");
        var floor = (NumericOrInteger)data.Get("floor");
        Draws draws = own.Posterior.Draws;
        foreach (int row in (int[])[0, 3, 100, 918])
        {
            string county = data.Get("county").TextAt(row)!;
            double x = floor.At(row);
            double[] values = new double[draws.Count];
            for (int s = 0; s < values.Length; s++)
                values[s] = draws.Column("b[(Intercept)]")[s] + draws.Column("b[floor]")[s] * x + draws.Column($"r[county,{county},(Intercept)]")[s] + draws.Column($"r[county,{county},floor]")[s] * x;
            DrawSummary expected = DrawSummary.Of(values, 0.95);
            Assert.Equal(expected.Mean, predictions.Estimates[row], 1e-10);
            Assert.Equal(expected.Sd, predictions.Sds[row], 1e-10);
            Assert.Equal(expected.Lower, predictions.Lower[row], 1e-10);
            Assert.Equal(expected.Upper, predictions.Upper[row], 1e-10);
        }
    }

    /// <summary>brms's other kinds of new levels: those of one level of the fit are its predictions, exactly; those of a level chosen anew in each draw have the mean and variance of all levels' draws together (25 % as below).</summary>
    [Fact]
    public void New_levels_can_take_the_effects_of_levels_of_the_fit()
    {
        Fitted own = Radon.Value;
        Draws draws = own.Posterior.Draws;
        string[] counties = [.. draws.Layout.Columns.Where(name => name.StartsWith("r[county,", StringComparison.Ordinal) && name.EndsWith(",(Intercept)]", StringComparison.Ordinal))];
        RowPredictions Fresh(NewLevelEffects kind) => own.Predict(new PredictionOptions { Interval = PredictionInterval.Group, NewLevelEffects = kind })[0].Rows;
        const int row = 1; // floor = 0
        double[] intercept = draws.Column("b[(Intercept)]").ToArray();
        double old = Fresh(NewLevelEffects.OldLevels).Estimates[row];
        Assert.Contains(counties, name => Math.Abs(draws.Column(name).ToArray().Zip(intercept, (r, b) => r + b).Average() - old) < 1e-10);
        double[] all = [.. counties.SelectMany(name => draws.Column(name).ToArray().Zip(intercept, (r, b) => r + b))];
        RowPredictions mixed = Fresh(NewLevelEffects.Uncertainty);
        Assert.Equal(SampleMoments.Mean(all), mixed.Estimates[row], 5 * SampleMoments.StandardDeviation(all) / Math.Sqrt(draws.Count));
        Assert.Equal(1, mixed.Sds[row] / SampleMoments.StandardDeviation(all), 0.12);
        Assert.NotEqual(mixed.Estimates[row], Fresh(NewLevelEffects.Gaussian).Estimates[row]);
    }

    /// <summary>Law of total variance over 800 draws: a new county adds Σ (z'Σz), an outcome σ²; the relative error of a variance of 800 nearly independent draws is 5 %, so 25 % is 5 of them.</summary>
    [Fact]
    public void New_groups_and_outcomes_add_their_variance()
    {
        Fitted own = Radon.Value;
        Draws draws = own.Posterior.Draws;
        double Mean(Func<int, double> value) => Enumerable.Range(0, draws.Count).Average(value);
        RowPredictions mean = own.Predict(new PredictionOptions())[0].Rows, without = own.Predict(new PredictionOptions { Groups = [] })[0].Rows;
        RowPredictions fresh = own.Predict(new PredictionOptions { Interval = PredictionInterval.Group })[0].Rows, outcome = own.Predict(new PredictionOptions { Interval = PredictionInterval.Outcome })[0].Rows;
        const int row = 1; // floor = 0, so that z'Σz is the intercepts' variance
        double group = Mean(s => Math.Pow(draws.Column("sd[county,(Intercept)]")[s], 2)), residual = Mean(s => Math.Pow(draws.Column("sigma")[s], 2));
        Assert.Equal(1, (Math.Pow(fresh.Sds[row], 2) - Math.Pow(without.Sds[row], 2)) / group, 0.25);
        Assert.Equal(1, (Math.Pow(outcome.Sds[row], 2) - Math.Pow(mean.Sds[row], 2)) / residual, 0.25);
        Assert.Equal(mean.Estimates[row], outcome.Estimates[row], 1e-12);
    }

    /// <summary>The library's row-by-row functions are what the predictor summarises; R² against its formula, and near the value of lme4-style fits (0.20 to 0.30 for this model).</summary>
    [Fact]
    public void Rows_under_every_draw_are_what_predictions_summarise()
    {
        Fitted own = Radon.Value;
        var rows = new PosteriorPredictions(own.Posterior, own.NewRows());
        RowPredictions mean = own.Predict(new PredictionOptions())[0].Rows, outcome = own.Predict(new PredictionOptions { Interval = PredictionInterval.Outcome })[0].Rows;
        Assert.Equal(mean.Estimates[5], rows.Expectation(5).Average(), 1e-12);
        Assert.Equal(rows.LinearPredictor(5), rows.Expectation(5));
        Assert.Equal(outcome.Upper[5], DrawSummary.Of(rows.Outcome(5), 0.95).Upper, 1e-12);
        double[] r2 = rows.RSquared(), first = [.. Enumerable.Range(0, rows.Rows).Select(row => rows.Expectation(row)[3])];
        double centre = first.Average(), variance = first.Sum(v => (v - centre) * (v - centre)) / (first.Length - 1), sigma = own.Posterior.Draws.Column("sigma")[3];
        Assert.Equal(variance / (variance + sigma * sigma), r2[3], 1e-10);
        Assert.InRange(r2.Average(), 0.15, 0.35);
        Assert.Throws<InvalidOperationException>(() => rows.Probability(0, 0));
    }

    /// <summary>Rows of one unseen level share its effects; two unseen levels have different ones.</summary>
    [Fact]
    public void Unseen_levels_have_effects_of_their_own()
    {
        Fitted own = Radon.Value;
        var data = new Frame([new TextColumn("county", ["A", "A", "B"]), new NumericColumn("floor", [0, 0, 0])]);
        ComponentRows rows = new(own.Frame.Encode(data, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow }));
        RowPredictions predictions = new BayesianPredictor(own.Posterior).Predict(rows, 3)[0].Rows;
        Assert.Equal(predictions.Upper[0], predictions.Upper[1]);
        Assert.NotEqual(predictions.Upper[0], predictions.Upper[2]);
        Assert.Equal(["A", "B"], predictions.Unseen.Single().Levels);
        RowPredictions other = new BayesianPredictor(own.Posterior, null, seed: 9).Predict(rows, 3)[0].Rows;
        Assert.NotEqual(predictions.Upper[0], other.Upper[0]);
    }

    [Theory]
    [InlineData("cumulative", "ordered(rating) ~ temp + (1 | judge)", "wine", 5)]
    [InlineData("categorical", "livch ~ urban + (1 | district)", "Contraception", 4)]
    public void Probabilities_of_categories_add_up_to_one(string family, string formula, string data, int categories)
    {
        Fitted own = Fitted.Of(formula, data, family);
        IReadOnlyList<CategoryPredictions> predictions = own.Predict(new PredictionOptions());
        Assert.Equal(categories, predictions.Count);
        for (int row = 0; row < 40; row++) Assert.Equal(1, predictions.Sum(category => category.Rows.Estimates[row]), 1e-10);
        double observed = own.Rows.Conditional.Response!.Values.Count(value => value == 1) / (double)own.Rows.Conditional.Rows;
        Assert.Equal(observed, predictions[1].Rows.Estimates.Average(), 0.03);
        Assert.Throws<ModelException>(() => own.Predict(new PredictionOptions { Interval = PredictionInterval.Outcome }));
    }

    /// <summary>The average expectation is near the average response: the zero part and the overdispersion count.</summary>
    [Theory]
    [InlineData("neg-binomial", "count ~ mined + (1 | site)", "Salamanders", "~ mined")]
    [InlineData("hurdle-poisson", "count ~ mined + (1 | site)", "Salamanders", "~ mined")]
    [InlineData("poisson", "count ~ mined + (1 | site)", "Salamanders", "~ 1")]
    [InlineData("gamma", "log_radon + 3 ~ floor + (1 | county)", "radon", null)]
    public void Expectations_are_of_the_whole_model(string family, string formula, string data, string? zero)
    {
        Fitted own = Fitted.Of(formula, data, family, zero);
        RowPredictions mean = own.Predict(new PredictionOptions())[0].Rows, outcome = own.Predict(new PredictionOptions { Interval = PredictionInterval.Outcome })[0].Rows;
        double observed = own.Rows.Conditional.Response!.Values.Average();
        Assert.Equal(1, mean.Estimates.Average() / observed, 0.08);
        Assert.True(outcome.Sds.Average() > 2 * mean.Sds.Average());
    }

    [Fact]
    public void A_saved_fit_predicts_the_same_bits_and_compares_by_its_rows()
    {
        using var folder = new TemporaryFolder();
        Fitted larger = Fitted.Of("log_radon ~ floor + log_uranium + (1 | county)", "radon", "gaussian"), smaller = Fitted.Of("log_radon ~ floor + (1 | county)", "radon", "gaussian");
        (string, SavedFit)[] fits = [.. new[] { smaller, larger }.Select((own, k) =>
        {
            string path = folder[$"{k}.fit"];
            SavedFitFile.Write(own.Saved(), path);
            Assert.True(SavedFitFile.IsBayesian(path));
            return (k == 0 ? "smaller" : "larger", SavedFitFile.Read(path));
        })];
        ComponentRows rows = larger.NewRows();
        RowPredictions before = new BayesianPredictor(larger.Posterior, new PredictionOptions { Interval = PredictionInterval.Outcome }).Predict(rows, 919)[0].Rows;
        RowPredictions after = new BayesianPredictor(fits[1].Item2.Posterior!.Coefficients, new PredictionOptions { Interval = PredictionInterval.Outcome }).Predict(rows, 919)[0].Rows;
        Assert.Equal(before.Upper, after.Upper);
        LooComparison comparison = LooComparison.Of(fits);
        (double difference, double error) = ModelWeights.Compare(smaller.Fit.Loo!, larger.Fit.Loo!);
        Assert.Equal(["larger", "smaller"], comparison.Models.Select(model => model.Name));
        Assert.Equal(smaller.Fit.Loo!.Elpd - larger.Fit.Loo!.Elpd, comparison.Models[1].Difference, 1e-8);
        Assert.Equal(Math.Abs(difference), Math.Abs(comparison.Models[1].Difference), 1e-8);
        // Rows with equal covariates and response are one observation there.
        Assert.Equal(error, comparison.Models[1].DifferenceError, 1e-2 * error);
        string[] text = [.. File.ReadAllText(folder["0.fit"]).Select(c => c.ToString())];
        text[text.Length / 2] = text[text.Length / 2] == "A" ? "B" : "A";
        File.WriteAllText(folder["bad.fit"], string.Concat(text));
        Assert.Contains("damaged", Assert.Throws<DataException>(() => SavedFitFile.Read(folder["bad.fit"])).Message, StringComparison.Ordinal);
    }

    /// <summary>A numeric column of either kind.</summary>
    private readonly record struct NumericOrInteger(Column Column)
    {
        public static explicit operator NumericOrInteger(Column column) => new(column);

        public double At(int row) => double.Parse(Column.TextAt(row)!, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A model with draws and what predictions need.</summary>
    private sealed record Fitted(BayesianFit Fit, PosteriorCoefficients Posterior, ModelFrame Frame, ComponentFrames Frames, ComponentRows Rows, string Data, string Link)
    {
        public static Fitted Of(string formula, string data, string family, string? zero = null)
        {
            Frame frame = Fixtures.Data(data);
            var frames = ComponentFrames.Learn(Formula.Parse(formula), null, zero is null ? null : Formula.Parse(zero), frame);
            ComponentRows rows = frames.Encode(frame);
            ModelOutline outline = family == "categorical" ? ModelOutline.OfCategories(rows.Conditional)
                : ResponseFamily.Names.Contains(family) && !(family is "gaussian" or "poisson" && zero is null) ? ModelOutline.Of(rows, ResponseFamily.Parse(family)) : ModelOutline.Of(rows.Conditional, Family.Parse(family, family == "gamma" ? "log" : null));
            BayesianFit fit = BayesianFit.Sample(outline, new BayesianSettings { Sampling = Short });
            return new Fitted(fit, PosteriorCoefficients.Of(fit, outline.Link.Name, rows.Conditional.Response!.Levels), frames.Conditional, frames, rows, data, outline.Link.Name);
        }

        public ComponentRows NewRows() => Frames.Encode(Fixtures.Data(Data), EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });

        public IReadOnlyList<CategoryPredictions> Predict(PredictionOptions options) => new BayesianPredictor(Posterior, options).Predict(NewRows(), Fixtures.Data(Data).RowCount);

        public SavedFit Saved() => new(Frame, null, null, DataFingerprint.Of(Rows.Conditional))
        {
            BayesianReport = BayesianFitReport.Of(Fit, new FitContext("f", "nuts", Rows.Conditional.Rows, 1, 0), Link),
            Posterior = new SavedPosterior(Posterior) { RowElpd = Fit.RowElpd },
        };
    }
}
