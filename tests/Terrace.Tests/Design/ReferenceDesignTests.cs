using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Tests.TestData;

namespace Terrace.Tests.Design;

/// <summary>
/// Designs against R: the columns have R's names in R's order, and R's coefficients and random effects on our columns give R's linear predictor.
/// </summary>
public class ReferenceDesignTests
{
    public static TheoryData<string> Models => [.. ReferenceModels.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void Names_the_columns_as_R_does(string name)
    {
        (JsonElement reference, ModelRows rows) = Encode(name, collapse: true);
        string[] expected = [.. reference.GetProperty("design_columns").EnumerateArray().Select(column => column.GetString()!)];
        Assert.Equal(expected, rows.Design.ColumnNames);
        Assert.Equal(reference.GetProperty("nobs").GetInt32(), rows.Rows);
    }

    // Of InstEval the references keep the random effects of the first 60 levels only.
    public static TheoryData<string> ModelsWithAllEffects => [.. ReferenceModels.Names.Where(name => !name.StartsWith("lmer_insteval", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(ModelsWithAllEffects))]
    public void Gives_the_linear_predictor_of_R(string name)
    {
        foreach (bool collapse in new[] { true, false })
        {
            (JsonElement reference, ModelRows rows) = Encode(name, collapse);
            double[] expected = [.. LinearPredictor(name, reference)];
            for (int row = 0; row < expected.Length; row++)
            {
                double actual = LinearPredictor(reference, rows.Design, rows.RowToCell[row]);
                Assert.True(Math.Abs(actual - expected[row]) <= 1e-8 * Math.Max(1, Math.Abs(expected[row])), $"{name}, row {row}: {actual} instead of {expected[row]}");
            }
        }
    }

    private static (JsonElement, ModelRows) Encode(string name, bool collapse)
    {
        JsonElement reference = Fixtures.Reference(name);
        Frame data = ReferenceModels.Data(name, reference);
        ModelFrame frame = ModelFrame.Learn(ReferenceModels.Formula(reference), data, ReferenceModels.Options(name));
        return (reference, frame.Encode(data, new EncodeOptions { Collapse = collapse }));
    }

    private static IEnumerable<double> LinearPredictor(string name, JsonElement reference)
    {
        string property = name.StartsWith("glmer", StringComparison.Ordinal) ? "predict_link_first20" : name.StartsWith("glm_", StringComparison.Ordinal) ? "linear_predictor_first20" : "fitted_first20";
        return reference.GetProperty(property).EnumerateArray().Select(value => value.GetDouble());
    }

    private static double LinearPredictor(JsonElement reference, DesignMatrices design, int cell)
    {
        JsonElement beta = reference.TryGetProperty("fixef", out JsonElement fixef) ? fixef : reference.GetProperty("coefficients");
        double sum = design.Offset[cell];
        for (int j = 0; j < design.X.Columns; j++)
            if (beta.TryGetProperty(design.ColumnNames[j], out JsonElement value) && value.ValueKind == JsonValueKind.Number) sum += design.X[cell, j] * value.GetDouble();
        foreach (RandomTermDesign term in design.RandomTerms)
            for (int j = 0; j < term.Z.Columns; j++) sum += term.Z[cell, j] * Effect(reference, term, j, cell);
        return sum;
    }

    private static double Effect(JsonElement reference, RandomTermDesign term, int column, int cell)
    {
        JsonElement group = reference.GetProperty("ranef").GetProperty(term.Group);
        string level = term.Levels[term.Codes[cell]];
        int row = group.GetProperty("levels").EnumerateArray().Select(value => value.GetString()!.TrimStart('0')).ToList().IndexOf(level.TrimStart('0'));
        int position = group.GetProperty("columns").EnumerateArray().Select(value => value.GetString()).ToList().IndexOf(term.TermNames[column]);
        return group.GetProperty("values")[row][position].GetDouble();
    }
}
