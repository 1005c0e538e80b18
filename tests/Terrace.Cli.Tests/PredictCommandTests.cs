using System.Text.Json;

namespace Terrace.Cli.Tests;

public class PredictCommandTests
{
    private const string Houses = "county,floor\nAITKIN,1\nNOWHERE,0\n,0\nAITKIN,\nAITKIN,0\n";

    [Theory]
    [InlineData("all", "mean", "sd includes the variance between the levels.")]
    [InlineData("county", "group", "as all levels are with --interval group; the sd includes")]
    [InlineData("all", "outcome", "between the levels and that of a single outcome.")]
    [InlineData("none", "mean", "the sd without the variance between its levels.")]
    [InlineData("none", "group", "the sd without the variance between its levels.")]
    [InlineData("none", "outcome", "the sd without the variance between its levels.")]
    public void The_remark_on_new_levels_says_what_the_sd_has(string random, string interval, string words)
    {
        using var folder = new Folder();
        string fit = folder.At("radon.fit"), houses = folder.File("houses.csv", Houses);
        Assert.Equal(0, Tool.Run("fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), "--save", fit).Status);
        Assert.Contains(words, Tool.Run("predict", fit, "--data", houses, "--random", random, "--interval", interval).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_keep_the_numbers_of_the_rows_and_are_null_where_a_value_is_missing()
    {
        using var folder = new Folder();
        JsonElement document = Predict(folder);
        Assert.Equal(["rows", "interval"], document.EnumerateObject().Select(member => member.Name));
        Assert.Equal("mean", document.GetProperty("interval").GetString());
        JsonElement[] rows = [.. document.GetProperty("rows").EnumerateArray()];
        Assert.Equal([1, 2, 3, 4, 5], rows.Select(row => row.GetProperty("row").GetInt32()));
        foreach (JsonElement row in rows) Assert.Equal(["row", "estimate", "sd", "lower", "upper"], row.EnumerateObject().Select(member => member.Name));
        Assert.Equal([false, false, true, true, false], rows.Select(row => row.GetProperty("estimate").ValueKind == JsonValueKind.Null));
        Assert.Equal(0.498506643898314, rows[0].GetProperty("estimate").GetDouble(), 5);
        Assert.Equal(1.46159787546995, rows[1].GetProperty("estimate").GetDouble(), 5);
    }

    [Fact]
    public void A_new_level_adds_the_variance_between_levels_as_a_new_group_does()
    {
        using var folder = new Folder();
        JsonElement mean = Predict(folder).GetProperty("rows"), group = Predict(folder, "--interval", "group").GetProperty("rows"), alone = Predict(folder, "--random", "none").GetProperty("rows");
        double sd = 0.328222; // between counties, as lme4 has it
        double expected = Math.Sqrt(Math.Pow(alone[1].GetProperty("sd").GetDouble(), 2) + sd * sd);
        Assert.Equal(expected, mean[1].GetProperty("sd").GetDouble(), 4);
        Assert.Equal(expected, group[4].GetProperty("sd").GetDouble(), 4);
        Assert.Equal(alone[4].GetProperty("estimate").GetDouble(), group[4].GetProperty("estimate").GetDouble(), 12);
    }

    [Fact]
    public void The_interval_of_an_outcome_is_wider_by_the_residuals()
    {
        using var folder = new Folder();
        JsonElement mean = Predict(folder).GetProperty("rows")[0], outcome = Predict(folder, "--interval", "outcome").GetProperty("rows")[0];
        double residual = Math.Sqrt(Math.Pow(outcome.GetProperty("sd").GetDouble(), 2) - Math.Pow(mean.GetProperty("sd").GetDouble(), 2));
        Assert.Equal(0.755589, residual, 4);
        Assert.Equal(mean.GetProperty("estimate").GetDouble(), outcome.GetProperty("estimate").GetDouble());
    }

    [Fact]
    public void Predictions_can_go_to_a_file()
    {
        using var folder = new Folder();
        string fit = Save(folder), target = folder.At("predicted.csv");
        ToolRun run = Tool.Run("predict", fit, "--data", folder.File("new.csv", Houses), "--out", target);
        Assert.Equal((0, ""), (run.Status, run.Output));
        string[] lines = File.ReadAllLines(target);
        Assert.Equal("row,estimate,sd,lower,upper", lines[0]);
        Assert.Equal(6, lines.Length);
        Assert.Contains("NOWHERE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_binomial_prediction_is_a_probability_unless_the_link_is_asked_for()
    {
        using var folder = new Folder();
        string fit = folder.At("students.fit");
        Assert.Equal(0, Tool.Run("fit", "response ~ 1 + (1 | class)", "--data", Folder.Example("students"), "--family", "binomial", "--save", fit).Status);
        string news = folder.File("new.csv", "class\n1\n");
        Assert.Equal(0.6494805, Tool.Json("predict", fit, "--data", news).GetProperty("rows")[0].GetProperty("estimate").GetDouble(), 4);
        Assert.Equal(0.6167566, Tool.Json("predict", fit, "--data", news, "--type", "link").GetProperty("rows")[0].GetProperty("estimate").GetDouble(), 3);
    }

    [Fact]
    public void Faults_of_the_command_line_are_refused()
    {
        using var folder = new Folder();
        string fit = Save(folder), news = folder.File("new.csv", Houses);
        Tool.Run("predict", fit, "--data", news, "--interval", "wide").Refuses(2, "--interval");
        Tool.Run("predict", fit, "--data", news, "--interval", "outcome", "--type", "link").Refuses(2, "--type");
        Tool.Run("predict", fit, "--data", news, "--random", "conty").Refuses(1, "conty", "county");
        Tool.Run("predict", fit, "--data", folder.File("other.csv", "county\nAITKIN\n")).Refuses(1, "floor", "other.csv");
    }

    [Fact]
    public void A_file_that_is_no_saved_fit_is_refused()
    {
        using var folder = new Folder();
        string fit = Save(folder), news = folder.File("new.csv", Houses), text = File.ReadAllText(fit);
        Tool.Run("predict", folder.At("none.fit"), "--data", news).Refuses(1, "none.fit");
        Tool.Run("predict", news, "--data", news).Refuses(1, "new.csv", "no whole saved fit");
        Tool.Run("predict", folder.File("other.json", "{\"a\": 1}"), "--data", news).Refuses(1, "other.json", "no saved fit");
        Tool.Run("predict", folder.File("short.fit", text[..(text.Length / 2)]), "--data", news).Refuses(1, "short.fit", "breaks off");
        Tool.Run("predict", folder.File("newer.fit", text.Replace("\"version\":2", "\"version\":3")), "--data", news).Refuses(1, "newer.fit", "newer");
        Tool.Run("predict", folder.File("damaged.fit", text.Replace("\"modes\":[\"", "\"modes\":[\"AAAA")), "--data", news).Refuses(1, "damaged.fit", "damaged");
    }

    private static JsonElement Predict(Folder folder, params string[] options) =>
        Tool.Json(["predict", Save(folder), "--data", folder.File("new.csv", Houses), .. options]);

    private static string Save(Folder folder)
    {
        string fit = folder.At("radon.fit");
        ToolRun run = Tool.Run("fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), "--save", fit);
        Assert.True(run.Status == 0, run.Error);
        return fit;
    }
}
