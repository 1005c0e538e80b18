using System.Text.Json;

namespace Terrace.Cli.Tests;

public class DescribeCommandTests
{
    private const string People = "name,age,smokes,size,born\nAnn,30,TRUE,small,1990-05-01\nBob,,FALSE,large,1985-01-31\n,41.5,NA,small,NA\n";

    [Fact]
    public void The_document_has_every_member_of_every_type()
    {
        using var folder = new Folder();
        JsonElement data = Tool.Json("describe", folder.File("people.csv", People), "--ordered", "size=small,middle,large");
        Assert.Equal(3, data.GetProperty("rows").GetInt32());
        JsonElement[] columns = [.. data.GetProperty("columns").EnumerateArray()];
        Assert.Equal(["name", "age", "smokes", "size", "born"], columns.Select(column => column.GetProperty("name").GetString()));
        Assert.Equal(["text", "double", "logical", "ordered", "date"], columns.Select(column => column.GetProperty("type").GetString()));
        foreach (JsonElement column in columns)
            Assert.Equal(["name", "type", "label", "levels", "missing", "min", "max", "mean"], column.EnumerateObject().Select(member => member.Name));
        Assert.Equal([1, 1, 1, 0, 1], columns.Select(column => column.GetProperty("missing").GetInt32()));
        Assert.Equal(35.75, columns[1].GetProperty("mean").GetDouble());
        Assert.Equal(0.5, columns[2].GetProperty("mean").GetDouble());
        Assert.Equal("1985-01-31", columns[4].GetProperty("min").GetString());
        Assert.Equal(JsonValueKind.Null, columns[1].GetProperty("levels").ValueKind);
        string[] levels = [.. columns[3].GetProperty("levels").EnumerateArray().Select(level => $"{level.GetProperty("value")}:{level.GetProperty("n")}")];
        Assert.Equal(["small:2", "middle:0", "large:1"], levels);
    }

    [Fact]
    public void Numbers_keep_their_full_precision_and_infinite_ones_are_null()
    {
        using var folder = new Folder();
        JsonElement columns = Tool.Json("describe", folder.File("x.csv", "x,y\n0.1,1e308\n0.2,1.7e308\n")).GetProperty("columns");
        Assert.Equal((0.1 + 0.2) / 2, columns[0].GetProperty("mean").GetDouble());
        Assert.Equal(JsonValueKind.Null, columns[1].GetProperty("mean").ValueKind);
    }

    [Fact]
    public void The_table_shows_levels_with_counts_ranges_and_missing_values()
    {
        ToolRun run = Tool.Run("describe", Folder.Example("election88_polls_all"));
        Assert.Equal(0, run.Status);
        Assert.Empty(run.Error);
        Assert.StartsWith("election88_polls_all.csv.gz: 13,544 rows, 8 variables", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n bush +integer +1,978 +0 +0\.5616 +1 +0 \(5,071\), 1 \(6,495\)", run.Output);
        Assert.Matches(@"\n state +integer +0 +1 +25\.68 +51\n", run.Output);
    }

    [Fact]
    public void Types_can_be_fixed_on_the_command_line()
    {
        using var folder = new Folder();
        string file = folder.File("codes.csv", "code;x\n1;3,5\n2;-99\n1;1,25\n");
        JsonElement columns = Tool.Json("describe", file, "--factor", "code", "--decimal-comma", "--na-tokens", "NA,-99").GetProperty("columns");
        Assert.Equal("factor", columns[0].GetProperty("type").GetString());
        Assert.Equal(2.375, columns[1].GetProperty("mean").GetDouble());
        Assert.Equal(1, columns[1].GetProperty("missing").GetInt32());
    }

    [Fact]
    public void A_data_dictionary_gives_types_levels_and_labels()
    {
        using var folder = new Folder();
        string schema = folder.File("schema.json", """{"columns":[{"name":"size","type":"ordered","levels":["small","large"],"label":"Size of household"}]}""");
        JsonElement size = Tool.Json("describe", folder.File("people.csv", People), "--schema", schema).GetProperty("columns")[3];
        Assert.Equal("ordered", size.GetProperty("type").GetString());
        Assert.Equal("Size of household", size.GetProperty("label").GetString());
    }

    [Fact]
    public void Predictors_of_groups_are_joined_on_common_columns()
    {
        using var folder = new Folder();
        string people = folder.File("people.csv", "state,y\n01,1\n02,0\n01,1\n");
        string states = folder.File("states.csv", "state,income\n01,10\n02,20\n");
        JsonElement columns = Tool.Json("describe", people, "--group-data", states).GetProperty("columns");
        Assert.Equal("income", columns[2].GetProperty("name").GetString());
        Assert.Equal(40.0 / 3, columns[2].GetProperty("mean").GetDouble(), 12);
        Tool.Run("describe", people, "--group-data", states, "--factor", "incom").Refuses(1, "'incom'", "'income'");
        Tool.Run("describe", people, "--group-data", folder.File("short.csv", "state,income\n01,10\n")).Refuses(1, "short.csv", "02");
    }

    [Fact]
    public void Conditions_keep_the_rows_that_meet_all_of_them()
    {
        string[] describe = ["describe", Folder.Example("election88_polls_all")];
        Assert.Equal(7783, Tool.Json([.. describe, "--where", "female == 1"]).GetProperty("rows").GetInt32());
        JsonElement both = Tool.Json([.. describe, "--where", "female == 1", "--where", "black == 1 & age >= 3"]);
        Assert.Equal(3, both.GetProperty("columns")[4].GetProperty("min").GetInt32());
        Tool.Run([.. describe, "--where", "femal == 1"]).Refuses(1, "femal", "female", "^");
        Tool.Run([.. describe, "--where", "female = = 1"]).Refuses(1, "^");
    }

    [Fact]
    public void Long_texts_are_shortened_and_kept_on_their_line()
    {
        using var folder = new Folder();
        ToolRun run = Tool.Run("describe", folder.File("long.csv", $"answer\n\"two\nlines {new string('x', 500)}\"\n"));
        Assert.Contains("two lines xxx", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length < 130));
    }
}
