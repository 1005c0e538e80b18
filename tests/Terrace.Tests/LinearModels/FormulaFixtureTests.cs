using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.LinearModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.LinearModels;

/// <summary>The whole way from a formula and a data set to R's estimates and predictions, for every reference fit of lm and glm.</summary>
public class FormulaFixtureTests
{
    private const string Cbpp = "cbind(incidence, size - incidence) ~ period";

    public static TheoryData<string, string> Formulas => new()
    {
        { "lm_mtcars", "mpg ~ wt + hp" },
        { "lm_mtcars_interaction_factor", "mpg ~ wt * factor(cyl)" },
        { "lm_mtcars_poly_log", "mpg ~ poly(wt, 3) + log(hp)" },
        { "lm_mtcars_weights_offset", "mpg ~ I(wt^2) + wt + offset(0.01 * disp)" },
        { "lm_mtcars_no_intercept", "mpg ~ wt - 1" },
        { "lm_mtcars_power_minus", "(mpg + 0) ~ (wt + hp + qsec)^2 - wt:hp" },
        { "lm_mtcars_aliased", "mpg ~ wt + wt2 + hp" },
        { "lm_radon_complete_pooling", "log_radon ~ floor" },
        { "lm_radon_no_pooling", "log_radon ~ floor + county - 1" },
        { "lm_warpbreaks_sum_helmert", "breaks ~ wool * tension" },
        { "lm_warpbreaks_ordered_poly", "breaks ~ wool + factor(tension, ordered = TRUE)" },
        { "glm_students", "response ~ class" },
        { "glm_students_complete_pooling", "response ~ 1" },
        { "glm_cbpp_cbind", Cbpp },
        { "glm_cbpp_proportion_weights", "incidence / size ~ period" },
        { "glm_cbpp_quasibinomial", Cbpp },
        { "glm_contraception", "use ~ age + I(age^2) + urban + livch" },
        { "glm_contraception_probit", "use ~ age + urban" },
        { "glm_contraception_cloglog", "use ~ age + urban" },
        { "glm_contraception_cauchit", "use ~ age + urban" },
        { "glm_owls_poisson_offset", "SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize)" },
        { "glm_owls_quasipoisson", "SiblingNegotiation ~ FoodTreatment" },
        { "glm_clotting_gamma_inverse", "lot1 ~ log(u)" },
        { "glm_clotting_gamma_log", "lot2 ~ log(u)" },
        { "glm_clotting_inverse_gaussian", "lot1 ~ log(u)" },
        { "glm_radon_gaussian", "log_radon ~ floor" },
        { "glm_warpbreaks_poisson_sqrt", "breaks ~ wool * tension" },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void A_formula_and_a_data_set_give_R_s_coefficients(string name, string formula)
    {
        var byHand = new FixtureModel(name, false);
        ModelFrame frame = Learn(byHand, formula);
        double tolerance = byHand.Family.IsCanonical ? 1e-9 : 1e-7;
        foreach (bool collapse in new[] { false, true })
        {
            ModelRows rows = frame.Encode(Data(byHand), new EncodeOptions { Collapse = collapse });
            GeneralizedLinearModelFit fit = byHand.IsLinear ? LinearModel.Fit(rows) : GeneralizedLinearModel.Fit(rows, byHand.Family);
            IReadOnlyList<Coefficient> expected = byHand.Fit().Estimates.Table(), actual = fit.Estimates.Table();
            Assert.Equal(expected.Select(c => c.Term), actual.Select(c => c.Term));
            for (int j = 0; j < expected.Count; j++)
            {
                JsonElement reference = byHand.Reference.GetProperty("coefficients").GetProperty(actual[j].Term);
                if (reference.ValueKind == JsonValueKind.String)
                {
                    Assert.True(double.IsNaN(actual[j].Estimate));
                    continue;
                }
                Assert.True(Math.Abs(reference.GetDouble() - actual[j].Estimate) <= tolerance * Math.Abs(reference.GetDouble()) + 1e-12 * actual[j].StdError, actual[j].Term);
                Assert.Equal(1, actual[j].StdError / expected[j].StdError, 1e-9);
            }
            Assert.Equal(1, fit.LogLikelihood / byHand.Fit().LogLikelihood is var ratio && double.IsNaN(ratio) ? 1 : ratio, 1e-11);
        }
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void New_data_are_coded_as_the_training_data_were(string name, string formula)
    {
        var byHand = new FixtureModel(name, false);
        if (!byHand.Reference.TryGetProperty("newdata", out JsonElement newData)) return;
        ModelFrame frame = Learn(byHand, formula);
        ModelRows rows = frame.Encode(Data(byHand));
        GeneralizedLinearModelFit fit = byHand.IsLinear ? LinearModel.Fit(rows) : GeneralizedLinearModel.Fit(rows, byHand.Family);
        LinearPredictions predictions = fit.Predict(frame.Encode(Table(newData), EncodeOptions.Prediction));
        JsonElement expected = byHand.Reference.GetProperty("predict");
        double[] link = [.. expected.GetProperty(byHand.IsLinear ? "fit" : "link_fit").EnumerateArray().Select(e => e.GetDouble())];
        double[] error = [.. expected.GetProperty(byHand.IsLinear ? "se" : "link_se").EnumerateArray().Select(e => e.GetDouble())];
        Assert.Equal(link.Length, predictions.Link.Length);
        for (int i = 0; i < link.Length; i++)
        {
            Assert.Equal(1, predictions.Link[i] / link[i], 1e-8);
            Assert.Equal(1, predictions.LinkStdError[i] / error[i], 1e-8);
        }
    }

    private static ModelFrame Learn(FixtureModel model, string formula)
    {
        var options = new ModelFrameOptions
        {
            Weights = model.Name switch
            {
                "lm_mtcars_weights_offset" => Expression.Parse("hp"),
                "glm_cbpp_proportion_weights" => Expression.Parse("size"),
                _ => null,
            },
        };
        if (model.Name == "lm_warpbreaks_sum_helmert")
            options = options with { Contrasts = new Dictionary<string, ContrastCoding> { ["wool"] = new(ContrastKind.Sum), ["tension"] = new(ContrastKind.Helmert) } };
        return ModelFrame.Learn(Formula.Parse(formula), Data(model), options);
    }

    private static Frame Data(FixtureModel model)
    {
        Frame frame = Fixtures.Data(model.Reference.GetProperty("data").GetString()!.Split(' ', ';')[0]);
        if (model.Name != "lm_mtcars_aliased") return frame;
        double[] wt = ColumnCast.ToNumeric(frame.Find("wt")!).Values.ToArray();
        return new Frame([.. frame.Columns, new NumericColumn("wt2", [.. wt.Select(v => 2 * v)])]);
    }

    private static Frame Table(JsonElement rows)
    {
        JsonElement[] all = [.. rows.EnumerateArray()];
        return new Frame(all[0].EnumerateObject().Select(property => MakeColumn(property.Name, [.. all.Select(r => r.GetProperty(property.Name))])));
    }

    private static Column MakeColumn(string name, JsonElement[] values) => values[0].ValueKind == JsonValueKind.Number
        ? new NumericColumn(name, [.. values.Select(v => v.GetDouble())])
        : new TextColumn(name, [.. values.Select(v => v.GetString())]);
}
