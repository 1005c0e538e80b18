using System.Text;
using System.Text.Json;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.Tests.Design;

/// <summary>Coding of rows: cells, missing values, levels known and new, what is refused, and the saved coding.</summary>
public class ModelFrameTests
{
    private static Frame Poll() => new(
    [
        new NumericColumn("y", [1, 0, 1, 1, 0, double.NaN, 1, 0]),
        new TextColumn("state", ["TX", "AL", "TX", null, "AL", "AL", "CA", "CA"]),
        new Factor("edu", [0, 1, 0, 1, 3, 2, 1, 3], ["none", "school", "college", "degree"]),
        new IntegerColumn("year", [2000, 1988, 2000, 1988, 1988, 1988, 2000, 1988]),
        new NumericColumn("w", [1, 2, 3, 4, 5, 6, 7, 8]),
        new NumericColumn("z", [0, -0.0, 0, 1, 1, 1, 2, 2]),
    ], "poll.csv");

    private static ModelFrame Learn(string formula, ModelFrameOptions? options = null) => ModelFrame.Learn(Formula.Parse(formula), Poll(), options);

    private static Frame One(string state, string edu, double year, double z = 0) => new(
    [
        new TextColumn("state", [state]), new TextColumn("edu", [edu]), new NumericColumn("year", [year]), new NumericColumn("z", [z]),
    ], "census.csv");

    [Fact]
    public void Collapses_rows_with_equal_covariates_to_cells()
    {
        ModelRows rows = Learn("y ~ edu + z + (1 | state) + (0 + z | year)").Encode(Poll());
        Assert.Equal([0, 1, 2, 4, 6, 7], rows.SourceRows);
        Assert.Equal([0, 1, 0, 2, 3, 4], rows.RowToCell);
        Assert.Equal(5, rows.Cells);
        Assert.Equal(2, rows.OmittedRows);
        Assert.Equal([1, 0, 1, 0, 1, 0], rows.Response!.Values);
    }

    [Fact]
    public void Gives_each_row_its_own_cell_when_asked()
    {
        ModelFrame frame = Learn("y ~ edu + (1 | state)");
        ModelRows cells = frame.Encode(Poll()), rows = frame.Encode(Poll(), new EncodeOptions { Collapse = false });
        Assert.Equal([0, 1, 2, 3, 4, 5], rows.RowToCell);
        for (int row = 0; row < rows.Rows; row++)
        {
            for (int j = 0; j < rows.Design.X.Columns; j++) Assert.Equal(rows.Design.X[row, j], cells.Design.X[cells.RowToCell[row], j]);
            Assert.Equal(rows.Design.RandomTerms[0].Codes[row], cells.Design.RandomTerms[0].Codes[cells.RowToCell[row]]);
        }
    }

    [Fact]
    public void Drops_levels_without_a_complete_row()
    {
        ModelFrame frame = Learn("y ~ edu");
        Assert.Equal(["none", "school", "degree"], frame.FactorLevels["edu"]);
        Assert.Equal(["(Intercept)", "eduschool", "edudegree"], frame.ColumnNames);
    }

    [Theory]
    [InlineData("factor(year)")]
    [InlineData("year")]
    public void Takes_contrasts_by_the_name_of_the_call_or_the_column(string name)
    {
        Assert.Equal(["(Intercept)", "factor(year)1"], Learn("y ~ factor(year)", Contrast(name)).ColumnNames);
    }

    [Fact]
    public void Orders_the_levels_of_a_crossed_group_as_lme4_does()
    {
        ModelFrame frame = Learn("y ~ (1 | state:year) + (1 | year)");
        Assert.Equal(["AL:1988", "CA:1988", "CA:2000", "TX:2000"], frame.GroupLevels["state:year"]);
        Assert.Equal(["1988", "2000"], frame.GroupLevels["year"]);
    }

    [Fact]
    public void Codes_new_rows_as_the_training_rows()
    {
        ModelFrame frame = Learn("y ~ edu + offset(z) + (1 + z | state:year)", new ModelFrameOptions { Offset = Expression.Parse("2 * z"), Weights = Expression.Parse("w") });
        ModelRows rows = frame.Encode(One("TX", "degree", 2000, 3), EncodeOptions.Prediction);
        Assert.Equal([1, 0, 1], Enumerable.Range(0, 3).Select(j => rows.Design.X[0, j]));
        Assert.Equal(3, rows.Design.RandomTerms[0].Codes[0]);
        Assert.Equal([1, 3], rows.Design.RandomTerms[0].Z.Values);
        Assert.Equal([9], rows.Design.Offset);
        Assert.Null(rows.Response);
        Assert.Null(rows.Weights);
    }

    [Fact]
    public void Knows_a_whole_number_again_in_a_column_of_doubles()
    {
        var integers = new Frame([new NumericColumn("y", [1, 2, 3, 4]), new IntegerColumn("id", [100000, 7, 100000, 7])]);
        ModelFrame frame = ModelFrame.Learn(Formula.Parse("y ~ factor(id) + (1 | id)"), integers);
        DesignMatrices design = frame.Encode(new Frame([new NumericColumn("id", [100000, 7])]), EncodeOptions.Prediction).Design;
        Assert.Equal(["7", "100000"], design.RandomTerms[0].Levels);
        Assert.Equal([1, 0], design.RandomTerms[0].Codes);
        Assert.Equal(1, design.X[0, 1]);
    }

    [Fact]
    public void Gives_new_group_levels_codes_beyond_the_known_ones_when_allowed()
    {
        var allow = EncodeOptions.Prediction with { NewLevels = NewLevels.Allow };
        ModelFrame frame = Learn("y ~ (1 | state) + (1 | state:year)");
        var rows = new Frame([new TextColumn("state", ["NY", "TX", "AL", "NY"]), new IntegerColumn("year", [1988, 1988, 1988, 1988])]);
        DesignMatrices design = frame.Encode(rows, allow with { Collapse = false }).Design;
        Assert.Equal([3, 2, 0, 3], design.RandomTerms[0].Codes);
        Assert.Equal(["NY"], design.RandomTerms[0].NewLevels);
        Assert.Equal([4, 5, 0, 4], design.RandomTerms[1].Codes);
        Assert.Equal(["NY:1988", "TX:1988"], design.RandomTerms[1].NewLevels);
    }

    [Theory]
    [InlineData("Al", "school", 1988, "row 1: the training data have no level 'Al' of 'state'. Did you mean 'AL'?")]
    [InlineData("AL", "School", 1988, "row 1: the training data have no level 'School' of 'edu'. Did you mean 'school'?")]
    [InlineData("AL", "college", 1988, "no level 'college' of 'edu'")]
    [InlineData("TX", "school", 1988, "no level 'TX:1988' of the grouping factor 'state:year'")]
    public void Names_a_new_level_and_the_nearest_known_one(string state, string edu, double year, string message)
    {
        ModelFrame frame = Learn("y ~ edu + (1 | state:year)");
        var fault = Assert.Throws<ModelException>(() => frame.Encode(One(state, edu, year), EncodeOptions.Prediction));
        Assert.Contains(message, fault.Message);
        Assert.Contains("census.csv", fault.Message);
    }

    [Fact]
    public void Refuses_a_new_level_of_a_fixed_effect_even_where_new_groups_are_allowed()
    {
        Assert.Throws<ModelException>(() => Learn("y ~ factor(year)").Encode(One("TX", "none", 1992), EncodeOptions.Prediction with { NewLevels = NewLevels.Allow }));
    }

    [Theory]
    [InlineData("y ~ edu + agee", "There is no variable 'agee' in poll.csv")]
    [InlineData("y ~ educ", "Did you mean 'edu'?")]
    public void Shows_an_unknown_variable_in_the_formula(string formula, string message)
    {
        var fault = Assert.Throws<FormulaException>(() => Learn(formula));
        Assert.Contains(message, fault.Message);
        Assert.Contains('^', fault.Message);
    }

    [Fact]
    public void Refuses_what_cannot_be_coded()
    {
        var oneLevel = new Frame([new NumericColumn("y", [1, 2]), new TextColumn("g", ["a", "a"]), new NumericColumn("na", [double.NaN, double.NaN])], "one.csv");
        Assert.Contains("only the level 'a'", Assert.Throws<ModelException>(() => ModelFrame.Learn(Formula.Parse("y ~ g"), oneLevel)).Message);
        Assert.Contains("one.csv has no row", Assert.Throws<ModelException>(() => ModelFrame.Learn(Formula.Parse("y ~ na"), oneLevel)).Message);
        Assert.Contains("infinite", Assert.Throws<ModelException>(() => Learn("y ~ log(z)").Encode(Poll())).Message);
        Assert.Contains("weight is -7", Assert.Throws<ModelException>(() => Learn("y ~ z", new ModelFrameOptions { Weights = Expression.Parse("w - 8") }).Encode(Poll())).Message);
        Assert.Contains("'state' is missing in row 4", Assert.Throws<ModelException>(() => Learn("y ~ state", new ModelFrameOptions { MissingValues = MissingValues.Fail }).Encode(Poll())).Message);
        Assert.Contains("is a number", Assert.Throws<ModelException>(() => Learn("y ~ year", Contrast("year"))).Message);
        Assert.Contains("neither", Assert.Throws<ModelException>(() => Learn("y ~ edu", Contrast("race"))).Message);
    }

    [Fact]
    public void Reads_every_kind_of_response()
    {
        ModelRows Rows(string formula) => Learn(formula).Encode(Poll());
        Assert.Equal(ResponseKind.Logical, Rows("(y > 0) ~ 1").Response!.Kind);
        ResponseValues text = Rows("state ~ 1").Response!;
        Assert.Equal(["AL", "CA", "TX"], text.Levels);
        Assert.Equal([2, 0, 2, 0, 0, 1, 1], text.Values);
        ResponseValues both = Rows("cbind(w, 10 - w) ~ z").Response!;
        Assert.Equal(ResponseKind.SuccessesAndFailures, both.Kind);
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2], both.Failures!);
        Assert.Equal("cbind(w, 10 - w)", both.Name);
        Assert.Null(Rows("~ z").Response);
    }

    [Fact]
    public void Blocks_of_rows_give_the_same_as_one_block()
    {
        const string Text = "y ~ scale(w) * edu + poly(w, 2) + cut(z, 2) + offset(z) + (1 + w | state/year)";
        var options = new ModelFrameOptions { Weights = Expression.Parse("w / mean(w)") };
        ModelFrame whole = ModelFrame.Learn(Formula.Parse(Text), Poll(), options), parts = ModelFrame.Learn(Formula.Parse(Text), new Parts(Poll()), options);
        Assert.Equal(Json(whole), Json(parts));
        ModelRows a = whole.Encode(Poll()), b = parts.Encode(new Parts(Poll()));
        Assert.Equal(a.Design.X.Values, b.Design.X.Values);
        Assert.Equal(a.RowToCell, b.RowToCell);
        Assert.Equal(a.Weights, b.Weights);
        Assert.Equal(a.Design.RandomTerms.Select(term => term.Codes), b.Design.RandomTerms.Select(term => term.Codes));
    }

    [Theory]
    [InlineData("y ~ edu * z + factor(year, ordered = TRUE) + offset(w) + (1 + z | state/year) + (0 + poly(w, 2) || state)")]
    [InlineData("state ~ ns(w, df = 3) + bs(w, degree = 2) + scale(w) + I(w - mean(w)) + cut(w, c(-Inf, 4, Inf)) + poly(w, 2, raw = TRUE)")]
    [InlineData("cbind(w, z) ~ relevel(state, ref = \"TX\") + .")]
    [InlineData("(y > 0) ~ (y == 0) * `year`")]
    public void A_saved_coding_codes_rows_as_before(string formula)
    {
        var options = new ModelFrameOptions { Contrasts = Contrast("edu").Contrasts, Weights = Expression.Parse("w"), Trials = Expression.Parse("w + 1"), Offset = Expression.Parse("z / 2") };
        ModelFrame frame = Learn(formula, options);
        using JsonDocument document = JsonDocument.Parse(Json(frame));
        ModelFrame restored = ModelFrameJson.Read(document.RootElement);
        Assert.Equal(Json(frame), Json(restored));
        ModelRows before = frame.Encode(Poll()), after = restored.Encode(Poll());
        Assert.Equal(before.Design.X.Values, after.Design.X.Values);
        Assert.Equal(before.Design.ColumnNames, after.Design.ColumnNames);
        Assert.Equal(before.Design.Assign, after.Design.Assign);
        Assert.Equal(before.Design.Offset, after.Design.Offset);
        Assert.Equal(before.Response!.Values, after.Response!.Values);
        Assert.Equal(before.Trials, after.Trials);
        Assert.Equal(before.Design.RandomTerms.Select(term => term.Codes), after.Design.RandomTerms.Select(term => term.Codes));
        Assert.Equal(before.Design.RandomTerms.Select(term => term.Z.Values), after.Design.RandomTerms.Select(term => term.Z.Values));
    }

    [Theory]
    [InlineData("\"formula\":\"y ~", "\"formula\":\"y ~~")]
    [InlineData("\"combinations\":[[0]", "\"combinations\":[[9]")]
    [InlineData("\"parts\":1", "\"parts\":\"x\"")]
    [InlineData("\"kind\":\"scale\"", "\"kind\":\"magic\"")]
    [InlineData("\"groups\"", "\"grupos\"")]
    public void Refuses_a_damaged_coding(string part, string damage)
    {
        string json = Json(Learn("y ~ scale(w) + (1 | state)"));
        Assert.Contains(part, json);
        using JsonDocument document = JsonDocument.Parse(json.Replace(part, damage));
        Assert.Throws<DataException>(() => ModelFrameJson.Read(document.RootElement));
    }

    private static ModelFrameOptions Contrast(string name) => new() { Contrasts = new Dictionary<string, ContrastCoding> { [name] = ContrastCoding.Parse("sum") } };

    private static string Json(ModelFrame frame)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) ModelFrameJson.Write(json, frame);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The rows of a frame in blocks of three.</summary>
    private sealed class Parts(Frame rows) : IRowBlocks
    {
        public string Source => rows.Source;

        public Frame Header => rows.Header;

        public IEnumerable<Frame> Blocks() => Enumerable.Range(0, rows.RowCount).Chunk(3).Select(part => rows.Select(part));
    }
}
