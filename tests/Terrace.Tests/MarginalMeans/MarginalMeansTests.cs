using System.Text.Json;
using Terrace.Data;
using Terrace.Families;
using Terrace.HypothesisTests;
using Terrace.MarginalMeans;
using Terrace.MixedModels;
using Terrace.Tests.HypothesisTests;
using Terrace.Tests.TestData;

namespace Terrace.Tests.MarginalMeans;

/// <summary>Estimated marginal means against emmeans.</summary>
public class MarginalMeansTests
{
    private const string Owls = "NegPerChick ~ FoodTreatment * SexParent + ArrivalTime + (1 | Nest)";
    private const string Age = "age ~ livch * urban + (1 | district)";
    private const string Use = "use ~ age + livch * urban + (1 | district)";

    [Theory]
    [InlineData("owls_lmm", "emm_sat_by_sex", Owls, "Owls", "FoodTreatment|SexParent", DegreesOfFreedomMethod.Satterthwaite)]
    [InlineData("owls_lmm", "emm_kr", Owls, "Owls", "FoodTreatment*SexParent", DegreesOfFreedomMethod.KenwardRoger)]
    [InlineData("owls_lmm", "emm_food_equal", Owls, "Owls", "FoodTreatment", DegreesOfFreedomMethod.Satterthwaite)]
    [InlineData("contraception_age_lmm", "emm_livch", Age, "Contraception", "livch", DegreesOfFreedomMethod.Satterthwaite)]
    [InlineData("contraception_age_lmm", "emm_kr", Age, "Contraception", "livch:urban", DegreesOfFreedomMethod.KenwardRoger)]
    [InlineData("sleep_days_unbalanced", "emm", "Reaction ~ factor(Days) + (Days | Subject)", "sleepstudy_unbalanced", "factor(Days)", DegreesOfFreedomMethod.Satterthwaite)]
    public void Means_of_linear_mixed_models_are_those_of_emmeans(string name, string block, string formula, string data, string means, DegreesOfFreedomMethod method) =>
        Compare(TestModels.Reference(name).GetProperty(block), MarginalMeanTable.Of(Grid(formula, data, method), MeanSpecification.Parse(means)), 1e-5);

    [Theory]
    [InlineData("owls_lmm", "emm_food_prop", Owls, "Owls", "FoodTreatment")]
    [InlineData("contraception_age_lmm", "emm_livch_prop", Age, "Contraception", "livch")]
    public void Proportional_weights_are_those_of_emmeans(string name, string block, string formula, string data, string means) =>
        Compare(TestModels.Reference(name).GetProperty(block), MarginalMeanTable.Of(Grid(formula, data, DegreesOfFreedomMethod.Satterthwaite), MeanSpecification.Parse(means), MarginWeights.Proportional), 1e-5);

    [Fact]
    public void A_covariate_can_be_given_a_value()
    {
        var options = new ReferenceGridOptions { At = new Dictionary<string, IReadOnlyList<string>> { ["ArrivalTime"] = ["23"] } };
        ReferenceGrid grid = ReferenceGrid.Of(TestModels.Estimates(Owls, "Owls", DegreesOfFreedomMethod.Satterthwaite), Fixtures.Data("Owls"), options);
        Compare(TestModels.Reference("owls_lmm").GetProperty("emm_arrival"), MarginalMeanTable.Of(grid, MeanSpecification.Parse("FoodTreatment")), 1e-5);
        var several = new ReferenceGridOptions { At = new Dictionary<string, IReadOnlyList<string>> { ["ArrivalTime"] = ["22", "24"] } };
        MarginalMeanTable two = MarginalMeanTable.Of(ReferenceGrid.Of(grid.Estimates, Fixtures.Data("Owls"), several), MeanSpecification.Parse("ArrivalTime"));
        Assert.Equal(["22", "24"], two.Rows.Select(row => row.Levels[0]));
        TestModels.Close(2 * grid.Estimates.Beta[3], two.Rows[1].Estimate - two.Rows[0].Estimate, 1e-10, "slope");
    }

    [Theory]
    [InlineData("contraception_glmm", "emm_link", "emm_response", "prob", Use, "Contraception", "livch", "binomial")]
    [InlineData("cbpp_glmm", "emm_link", "emm_response", "prob", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", "period", "binomial")]
    [InlineData("owls_glmm", "emm_link", "emm_response", "rate", "SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize) + (1 | Nest)", "Owls", "FoodTreatment|SexParent", "poisson")]
    public void Means_of_generalised_mixed_models_are_those_of_emmeans_on_both_scales(string name, string link, string response, string column, string formula, string data, string means, string family)
    {
        MarginalMeanTable table = MarginalMeanTable.Of(Grid(formula, data, DegreesOfFreedomMethod.None, Family.Parse(family)), MeanSpecification.Parse(means));
        JsonElement reference = TestModels.Reference(name), onLink = reference.GetProperty(link), onResponse = reference.GetProperty(response);
        double[] mean = TestModels.Numbers(onLink, "emmean"), error = TestModels.Numbers(onLink, "SE"), responses = TestModels.Numbers(onResponse, column), responseErrors = TestModels.Numbers(onResponse, "SE"), upper = TestModels.Numbers(onResponse, "asymp.UCL");
        for (int i = 0; i < mean.Length; i++)
        {
            MarginalMean row = table.Rows[i];
            TestModels.Close(mean[i], row.Estimate, 2e-4, "mean");
            TestModels.Close(error[i], row.StdError, 2e-3, "se");
            Assert.True(double.IsPositiveInfinity(row.Df));
            TestModels.Close(responses[i], row.Response.Estimate, 2e-4, "response");
            TestModels.Close(responseErrors[i], row.Response.StdError, 2e-3, "response se");
            TestModels.Close(upper[i], row.Response.Upper, 1e-3, "response upper");
        }
    }

    [Theory]
    [InlineData("mtcars_lm", "emm", "mpg ~ wt * factor(cyl) + am", "mtcars", "cyl", null, null)]
    [InlineData("warpbreaks_lm", "emm", "breaks ~ wool * tension", "warpbreaks", "tension|wool", null, null)]
    [InlineData("contraception_glm", "emm_response", "use ~ age + I(age^2) + urban * livch", "Contraception", "livch", "binomial", null)]
    [InlineData("warpbreaks_poisson", "emm_gamma", "breaks ~ wool * tension", "warpbreaks", "tension", "gamma", "log")]
    public void Means_of_linear_and_generalised_linear_models_are_those_of_emmeans(string name, string block, string formula, string data, string means, string? family, string? link)
    {
        var (fit, frame, rows) = TestModels.Linear(formula, Fixtures.Data(data), family is null ? null : Family.Parse(family, link));
        ReferenceGrid grid = ReferenceGrid.Of(FixedEffectsEstimates.Of(fit, frame, rows), Fixtures.Data(data));
        Compare(TestModels.Reference(name).GetProperty(block), MarginalMeanTable.Of(grid, MeanSpecification.Parse(means)), family is null ? 1e-9 : 1e-5);
    }

    [Theory]
    [InlineData("tension", "missing_cell")]
    [InlineData("wool*tension", "missing_cells")]
    public void Means_that_the_data_cannot_estimate_have_no_numbers(string means, string block)
    {
        Frame data = WithoutOneCell();
        var (fit, frame, rows) = TestModels.Linear("breaks ~ wool * tension", data);
        MarginalMeanTable table = MarginalMeanTable.Of(ReferenceGrid.Of(FixedEffectsEstimates.Of(fit, frame, rows), data), MeanSpecification.Parse(means));
        Compare(TestModels.Reference("warpbreaks_lm").GetProperty(block), table, 1e-9);
        Assert.Single(table.Rows, row => !row.IsEstimable);
    }

    /// <summary>In a balanced model means are plain averages; and they do not depend on the coding or the order of levels.</summary>
    [Fact]
    public void Means_of_a_balanced_table_are_its_averages()
    {
        Frame data = Fixtures.Data("warpbreaks");
        var breaks = (NumericColumn)data.Get("breaks");
        var options = new Terrace.Design.ModelFrameOptions { Contrasts = new Dictionary<string, Terrace.Design.ContrastCoding> { ["tension"] = new(Terrace.Design.ContrastKind.Helmert) } };
        foreach (var chosen in new[] { null, options })
        {
            var (fit, frame, rows) = TestModels.Linear("breaks ~ wool * tension", data, null, chosen);
            MarginalMeanTable table = MarginalMeanTable.Of(ReferenceGrid.Of(FixedEffectsEstimates.Of(fit, frame, rows), data), MeanSpecification.Parse("tension"));
            foreach (MarginalMean row in table.Rows)
                Assert.Equal(Enumerable.Range(0, data.RowCount).Where(i => data.Get("tension").TextAt(i) == row.Levels[0]).Average(i => breaks.Values[i]), row.Estimate, 1e-10);
        }
    }

    [Fact]
    public void Unknown_names_are_told_apart_and_the_nearest_is_suggested()
    {
        FixedEffectsEstimates estimates = TestModels.Estimates(Owls, "Owls", DegreesOfFreedomMethod.None);
        ReferenceGrid grid = ReferenceGrid.Of(estimates, Fixtures.Data("Owls"));
        string Message(string means) => Assert.Throws<ModelException>(() => MarginalMeanTable.Of(grid, MeanSpecification.Parse(means))).Message;
        Assert.Contains("Did you mean 'SexParent'?", Message("SexParnt"), StringComparison.Ordinal);
        Assert.Contains("--at ArrivalTime=", Message("ArrivalTime"), StringComparison.Ordinal);
        foreach (string text in new[] { "", "A|", "|B", "A|B|C", "A*A", "A*" }) Assert.Throws<ModelException>(() => MeanSpecification.Parse(text));
        string At(string name, string value) => Assert.Throws<ModelException>(() => ReferenceGrid.Of(estimates, Fixtures.Data("Owls"), new ReferenceGridOptions { At = new Dictionary<string, IReadOnlyList<string>> { [name] = [value] } })).Message;
        Assert.Contains("Did you mean 'ArrivalTime'?", At("ArivalTime", "23"), StringComparison.Ordinal);
        Assert.Contains("'late' is none", At("ArrivalTime", "late"), StringComparison.Ordinal);
        Assert.Contains("no level of 'SexParent'", At("SexParent", "Femal"), StringComparison.Ordinal);
    }

    internal static Frame WithoutOneCell()
    {
        Frame data = Fixtures.Data("warpbreaks");
        return data.Where([.. Enumerable.Range(0, data.RowCount).Select(i => !(data.Get("wool").TextAt(i) == "B" && data.Get("tension").TextAt(i) == "M"))]);
    }

    internal static ReferenceGrid Grid(string formula, string data, DegreesOfFreedomMethod method, Family? family = null) =>
        ReferenceGrid.Of(TestModels.Estimates(formula, data, method, family), TestModels.Data(data));

    private static void Compare(JsonElement table, MarginalMeanTable actual, double tolerance)
    {
        string[] columns = [.. table.EnumerateObject().Select(column => column.Name)];
        bool onResponse = !columns.Contains("emmean");
        string estimate = columns.First(column => column is "emmean" or "prob" or "rate" or "response"), lower = columns.First(column => column.EndsWith("LCL", StringComparison.Ordinal) || column == "lower.CL");
        double[] mean = TestModels.Numbers(table, estimate), error = TestModels.Numbers(table, "SE"), df = TestModels.Numbers(table, "df"), lowers = TestModels.Numbers(table, lower);
        Assert.Equal(mean.Length, actual.Rows.Count);
        for (int i = 0; i < mean.Length; i++)
        {
            MarginalMean row = actual.Rows[i];
            string what = string.Join(' ', row.Levels);
            for (int f = 0; f < row.Levels.Count; f++)
            {
                string name = actual.Specification.Factors.Concat(actual.Specification.By).ElementAt(f);
                Assert.Equal(TestModels.Texts(table, columns.Contains(name) ? name : "Day")[i], row.Levels[f]);
            }
            TestModels.Close(mean[i], onResponse ? row.Response.Estimate : row.Estimate, tolerance, what + " mean");
            TestModels.Close(error[i], onResponse ? row.Response.StdError : row.StdError, tolerance * 10, what + " se");
            if (!double.IsNaN(df[i])) TestModels.Close(df[i], row.Df, Math.Max(tolerance, 2e-4), what + " df");
            TestModels.Close(lowers[i], onResponse ? row.Response.Lower : row.Lower, tolerance * 10, what + " lower");
        }
    }
}
