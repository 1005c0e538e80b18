using System.Globalization;
using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.MixedModels;
using Terrace.Predictions;
using Terrace.Tests.MixedModels;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Predictions;

/// <summary>The references' <c>newdata</c>: rows whose groups the data never had, predicted as lme4 does with <c>allow.new.levels = TRUE</c>.</summary>
public class NewDataFixtureTests
{
    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Path.Combine(Fixtures.Root, "tests/Fixtures/frequentist"), "*mer_*.json.gz")
            .Select(path => Path.GetFileName(path)[..^".json.gz".Length])
            .Where(name => !name.Contains("insteval", StringComparison.Ordinal) && !name.Contains("verbagg", StringComparison.Ordinal))
            .Where(name => !name.Contains("AGQ", StringComparison.Ordinal)) // another approximation of the likelihood
            .Where(name => name != "lmer_radon_slope_interaction") // lme4 stops at a worse optimum there
            .Where(name => Fixtures.Reference(name).TryGetProperty("newdata", out _))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_group_never_seen_is_predicted_from_the_fixed_effects(string name)
    {
        JsonElement reference = Fixtures.Reference(name), expected = reference.GetProperty("newdata");
        var (frame, _, model) = MixedFixture.Model(name);
        MixedModelFit fit = MixedFixture.Fit(name, name.Contains("probit", StringComparison.Ordinal) ? Information.Expected : Information.Observed);
        Frame table = Table(expected.GetProperty("data"), frame);
        ModelRows rows = model.Encode(table, EncodeOptions.Prediction with { NewLevels = NewLevels.Allow });
        var options = new PredictionOptions { Scale = PredictionScale.Link };
        double[] link = new Predictor(PredictionModel.Of(fit), options).Predict(rows, table.RowCount).Estimates;
        double[] lme4 = [.. expected.GetProperty("predict_allow_new_levels").EnumerateArray().Select(e => e.GetDouble())];
        Assert.Equal(lme4.Length, link.Length);
        double scale = Math.Max(1, lme4.Max(Math.Abs));
        // lme4's default fits are off by up to 1e-2 of a standard error (the references' README).
        for (int i = 0; i < link.Length; i++) Assert.Equal(lme4[i] / scale, link[i] / scale, 2e-3);
    }

    private static Frame Table(JsonElement rows, Frame like)
    {
        JsonElement[] all = [.. rows.EnumerateArray()];
        return new Frame(all[0].EnumerateObject().Select(member => Column(member.Name, [.. all.Select(r => r.GetProperty(member.Name))], like.Find(member.Name))), "newdata");
    }

    private static Column Column(string name, JsonElement[] values, Column? like) => like is Factor or TextColumn || values.Any(v => v.ValueKind == JsonValueKind.String)
        ? new TextColumn(name, [.. values.Select(v => v.ToString())])
        : new NumericColumn(name, [.. values.Select(v => double.Parse(v.GetRawText(), CultureInfo.InvariantCulture))]);
}
