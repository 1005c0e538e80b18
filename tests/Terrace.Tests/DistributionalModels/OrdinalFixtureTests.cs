using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.DistributionalModels;
using Terrace.Predictions;
using Terrace.Tests.TestData;

namespace Terrace.Tests.DistributionalModels;

/// <summary>Ordered categories against the R package ordinal (the calls are in the fixture).</summary>
public class OrdinalFixtureTests
{
    private static readonly DistributionalFixture Wine = new("ordered(rating) ~ temp + contact", "cumulative", "wine");

    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "clm_wine_logit", "ordered(rating) ~ temp + contact", "logit", "wine" },
        { "clm_wine_probit", "ordered(rating) ~ temp * contact", "probit", "wine" },
        { "clmm_wine_logit", "ordered(rating) ~ temp + contact + (1 | judge)", "logit", "wine" },
        { "clmm_wine_probit", "ordered(rating) ~ temp + contact + (1 | judge)", "probit", "wine" },
        { "clmm_verbagg", "ordered(resp) ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)", "logit", "VerbAgg" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cumulative_models_agree_with_ordinal(string name, string formula, string link, string data)
    {
        DistributionalModelFit fit = new DistributionalFixture(formula, "cumulative", data, Link: link).Fit();
        JsonElement reference = Fixtures.Reference("ordinal").GetProperty(name);
        Assert.True(fit.Converged);
        Assert.Equal(reference.GetProperty("logLik").GetDouble(), fit.LogLikelihood, 1e-5);
        Assert.Equal(reference.GetProperty("df").GetInt32(), fit.ParameterCount);
        JsonElement table = reference.GetProperty("coef");
        string[] names = [.. table.GetProperty("rows").EnumerateArray().Select(row => row.GetString()!)];
        string[] ownNames = [.. fit.Parameters.Select(parameter => parameter.Name), .. fit.Conditional.Names];
        Assert.Equal(names, ownNames);
        double[] own = [.. fit.Parameters.Select(parameter => parameter.Estimate), .. fit.Conditional.Estimates];
        double[] ownErrors = [.. fit.Parameters.Select(parameter => parameter.StdError), .. fit.Conditional.StandardErrors(fit.Covariance)];
        for (int j = 0; j < names.Length; j++)
        {
            double estimate = table.GetProperty("estimate")[j].GetDouble(), error = table.GetProperty("se")[j].GetDouble();
            Assert.True(Math.Abs(estimate - own[j]) <= 1e-3 * error, $"{names[j]}: {own[j]:R}, ordinal {estimate:R}");
            Assert.True(Math.Abs(error - ownErrors[j]) <= 1e-3 * error, $"{names[j]}: standard error {ownErrors[j]:R}, ordinal {error:R}");
        }
        if (!reference.TryGetProperty("sd", out JsonElement sds)) return;
        foreach (var term in fit.Terms) Assert.Equal(sds.GetProperty(term.Group).GetDouble(), term.StandardDeviation(0), 1e-4);
        if (!reference.TryGetProperty("ranef", out JsonElement modes)) return;
        for (int level = 0; level < fit.Terms[0].Levels.Count; level++)
        {
            Assert.Equal(modes.GetProperty("judge")[level].GetDouble(), fit.Terms[0].Modes[level, 0], 2e-4);
            Assert.Equal(reference.GetProperty("condVar").GetProperty("judge")[level].GetDouble(), Math.Pow(fit.Terms[0].ConditionalStandardDeviation(level, 0), 2), 2e-4);
        }
    }

    /// <summary>Probabilities, standard errors and logit intervals of <c>predict.clm</c>.</summary>
    [Fact]
    public void Predicted_probabilities_of_categories_agree_with_ordinal()
    {
        ComponentFrames frames = Wine.Frames();
        DistributionalModelFit fit = Wine.Fit();
        JsonElement reference = Fixtures.Reference("ordinal").GetProperty("clm_wine_logit");
        var rows = new Frame([new TextColumn("temp", ["cold", "warm", "cold", "warm"]), new TextColumn("contact", ["no", "no", "yes", "yes"])]);
        var predictor = new DistributionalPredictor(DistributionalPredictionModel.Of(fit, frames));
        IReadOnlyList<CategoryPredictions> categories = predictor.Predict(frames.Encode(rows, EncodeOptions.Prediction), 4);
        Assert.Equal(["1", "2", "3", "4", "5"], categories.Select(category => category.Category));
        for (int row = 0; row < 4; row++)
        {
            for (int c = 0; c < 5; c++)
            {
                RowPredictions own = categories[c].Rows;
                double At(string name) => reference.GetProperty(name)[row][c].GetDouble();
                Assert.Equal(At("fit"), own.Estimates[row], 6);
                Assert.Equal(At("se"), own.Sds[row], 5);
                Assert.Equal(At("lwr"), own.Lower[row], 5);
                Assert.Equal(At("upr"), own.Upper[row], 5);
            }
            Assert.Equal(1, categories.Sum(category => category.Rows.Estimates[row]), 1e-12);
        }
    }

    [Fact]
    public void Two_categories_are_a_binomial_model()
    {
        DistributionalModelFit fit = new DistributionalFixture("ordered(use) ~ age + urban", "cumulative", "Contraception").Fit();
        var logistic = new DistributionalFixture("I(use == 'Y') ~ age + urban", "cumulative", "Contraception");
        ModelFrame frame = ModelFrame.Learn(Terrace.Formulas.Formula.Parse(logistic.Formula), Fixtures.Data("Contraception"));
        var binomial = Terrace.LinearModels.GeneralizedLinearModel.Fit(frame.Encode(Fixtures.Data("Contraception")), Terrace.Families.Family.Binomial());
        Assert.Equal(binomial.LogLikelihood, fit.LogLikelihood, 7);
        Assert.Equal(-binomial.Estimates.Values[0], fit.Parameters[0].Estimate, 5);
        Assert.Equal(binomial.Estimates.Values[1], fit.Conditional.Estimates[0], 5);
    }
}
