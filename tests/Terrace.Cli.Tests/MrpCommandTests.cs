using System.IO.Compression;
using System.Text.Json;

namespace Terrace.Cli.Tests;

public class MrpCommandTests
{
    private static readonly string[] Students = ["mrp", Folder.Example("students"), "--population", Folder.Example("students_population")];
    private static readonly string[] Multilevel = [.. Students, "--formula", "response ~ 1 + (1 | class)"];

    [Fact]
    public void The_column_of_the_counts_cannot_be_grouped_by() =>
        Tool.Run([.. Students, "--formula", "response ~ factor(class)", "--by", "N"]).Refuses(1, "'N' is the column of the counts", "--count");

    [Fact]
    public void The_document_has_every_member_of_the_contract()
    {
        JsonElement mrp = Tool.Json([.. Multilevel, "--by", "class"]);
        Assert.Equal(["formula", "family", "engine", "n", "cells", "population", "overall", "by", "comparison", "truth", "levels", "model", "warnings"], Names(mrp));
        Assert.Equal(["estimate", "sd", "lower", "upper", "level"], Names(mrp.GetProperty("overall")));
        JsonElement by = mrp.GetProperty("by")[0];
        Assert.Equal("class", by.GetProperty("by")[0].GetString());
        Assert.Equal(["class", "population", "n", "estimate", "sd", "lower", "upper"], Names(by.GetProperty("rows")[0]));
        Assert.Equal(["raw", "poststratified", "raked", "completePooling", "noPooling", "partialPooling"], Names(mrp.GetProperty("comparison")));
        Assert.Equal(["estimate", "sd", "lower", "upper"], Names(mrp.GetProperty("comparison").GetProperty("raw")));
        Assert.Equal(JsonValueKind.Null, mrp.GetProperty("comparison").GetProperty("raked").ValueKind);
        Assert.Equal("nuts", mrp.GetProperty("engine").GetString());
        JsonElement model = mrp.GetProperty("model");
        Assert.Equal("nuts", model.GetProperty("engine").GetString());
        Assert.Equal(["class", "group", "term", "prior", "scaled"], Names(model.GetProperty("priors")[0]));
        Assert.Equal("laplace", Tool.Json([.. Multilevel, "--engine", "laplace"]).GetProperty("model").GetProperty("engine").GetString());
    }

    [Theory]
    [InlineData("--interval", "bootstrap:30")]
    [InlineData("--information", "expected")]
    public void What_only_maximum_likelihood_has_is_fitted_by_it(string option, string value) =>
        Assert.Equal("laplace", Tool.Json([.. Multilevel, option, value]).GetProperty("engine").GetString());

    [Fact]
    public void Full_Bayes_has_the_estimate_of_the_first_texts_stan_glmer() =>
        Assert.Equal(0.4366, Tool.Json(Multilevel).GetProperty("overall").GetProperty("estimate").GetDouble(), 0.002);

    [Fact]
    public void The_students_of_the_first_text_have_their_numbers()
    {
        JsonElement mrp = Tool.Json([.. Multilevel, "--by", "class", "--engine", "laplace"]), ways = mrp.GetProperty("comparison");
        Assert.Equal(0.552, ways.GetProperty("raw").GetProperty("estimate").GetDouble(), 12);
        Assert.Equal(0.4313122, ways.GetProperty("poststratified").GetProperty("estimate").GetDouble(), 6);
        Assert.Equal(0.437579, ways.GetProperty("partialPooling").GetProperty("estimate").GetDouble(), 3);
        double[] classes = [.. mrp.GetProperty("by")[0].GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("estimate").GetDouble())];
        double[] fitted = [.6494805, .6666351, .3634185, .3756116, .2633905];
        for (int i = 0; i < 5; i++) Assert.InRange(classes[i], fitted[i] - 0.006, fitted[i] + 0.006);
    }

    [Theory]
    [InlineData("agq:9", "agq:9 (maximum likelihood by adaptive Gauss-Hermite quadrature with 9 points)")]
    [InlineData("agq:0", "agq:0 (maximum likelihood by the Laplace approximation at the joint mode)")]
    public void Quadrature_fits_the_model_of_an_estimate(string engine, string said)
    {
        JsonElement mrp = Tool.Json([.. Multilevel, "--engine", engine]);
        Assert.Equal(engine, mrp.GetProperty("engine").GetString());
        Assert.Equal(engine, mrp.GetProperty("model").GetProperty("engine").GetString());
        Assert.Equal(0.4376, mrp.GetProperty("overall").GetProperty("estimate").GetDouble(), 2);
        Assert.Contains(said, Tool.Run([.. Multilevel, "--engine", engine]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_articles_interval_is_wider_than_the_right_one()
    {
        string[] plain = [.. Students, "--formula", "response ~ factor(class)"];
        JsonElement right = Tool.Json(plain).GetProperty("overall"), article = Tool.Json([.. plain, "--interval", "article"]).GetProperty("overall");
        Assert.Equal(0.3946, right.GetProperty("lower").GetDouble(), 3);
        Assert.Equal(0.4681, right.GetProperty("upper").GetDouble(), 3);
        Assert.Equal(0.3548098, article.GetProperty("lower").GetDouble(), 5);
        Assert.Equal(0.5078145, article.GetProperty("upper").GetDouble(), 5);
    }

    [Fact]
    public void The_text_has_the_estimate_the_ways_the_areas_and_what_the_interval_means()
    {
        ToolRun run = Tool.Run([.. Multilevel, "--by", "class"]);
        Assert.Equal((0, ""), (run.Status, run.Error));
        string[] parts =
        [
            "Estimate for the whole population: 43.", "95 % interval", "raw mean of the respondents", "55.2 %", "partial pooling", "no pooling", " class ", "About the intervals:",
            "nuts (full Bayes, 4,000 draws of 4 chains)",
        ];
        foreach (string part in parts) Assert.Contains(part, run.Output, StringComparison.Ordinal);
        Assert.Contains("article", Tool.Run([.. Students, "--formula", "response ~ factor(class)", "--interval", "article"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        string one = Without(Tool.Run([.. Multilevel, "--json", "--threads", "1", "--seed", "7"]).Output);
        Assert.Equal(one, Without(Tool.Run([.. Multilevel, "--json", "--threads", "3", "--seed", "7"]).Output));
        Assert.NotEqual(one, Without(Tool.Run([.. Multilevel, "--json", "--seed", "8"]).Output));
    }

    [Fact]
    public void Results_go_to_a_folder_and_the_fit_to_a_file()
    {
        using var folder = new Folder();
        Assert.Equal(0, Tool.Run([.. Multilevel, "--by", "class", "--out", folder.At("new/results"), "--save", folder.At("fit")]).Status);
        Assert.Equal(["fit", "new"], folder.Names());
        string results = folder.At("new/results");
        string[] lines = File.ReadAllLines(Path.Combine(results, "estimates.csv"));
        Assert.Equal("class,population,n,estimate,sd,lower,upper", lines[0]);
        Assert.Equal(6, lines.Length);
        Assert.Equal("nuts", JsonDocument.Parse(File.ReadAllText(Path.Combine(results, "model.json"))).RootElement.GetProperty("engine").GetString());
        using var draws = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(results, "draws.csv.gz")), CompressionMode.Decompress));
        Assert.StartsWith("estimate,\"estimate[class,1]\"", draws.ReadLine(), StringComparison.Ordinal);
        Assert.InRange(draws.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 500, 10_000);
        Assert.Equal(5, Tool.Json("predict", folder.At("fit"), "--data", Folder.Example("students_population")).GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public void Estimates_are_compared_with_the_truth()
    {
        using var folder = new Folder();
        string truth = folder.File("truth.csv", "class,truth\n1,0.65\n2,0.65\n3,0.4\n4,0.4\n5,0.2\n");
        JsonElement mrp = Tool.Json([.. Multilevel, "--by", "class", "--truth", truth]);
        Assert.Equal(["mae", "coverage"], Names(mrp.GetProperty("truth")));
        double[] errors = [.. mrp.GetProperty("by")[0].GetProperty("rows").EnumerateArray().Zip([0.65, 0.65, 0.4, 0.4, 0.2], (row, value) => Math.Abs(row.GetProperty("estimate").GetDouble() - value))];
        Assert.Equal(errors.Average(), mrp.GetProperty("truth").GetProperty("mae").GetDouble(), 12);
        Assert.Contains("Against the truth", Tool.Run([.. Multilevel, "--by", "class", "--truth", truth]).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bootstrap:30")]
    [InlineData("bootstrap-new:30")]
    public void A_bootstrap_can_make_the_interval(string interval)
    {
        JsonElement overall = Tool.Json([.. Multilevel, "--interval", interval]).GetProperty("overall");
        Assert.True(overall.GetProperty("lower").GetDouble() < overall.GetProperty("estimate").GetDouble());
        Assert.True(overall.GetProperty("estimate").GetDouble() < overall.GetProperty("upper").GetDouble());
    }

    [Fact]
    public void The_progress_bar_is_for_a_terminal_only()
    {
        string[] run = [.. Multilevel, "--interval", "bootstrap:30", "--threads", "1"];
        Assert.Empty(Tool.Run(run).Error);
        using StringWriter output = new(), error = new();
        Assert.Equal(0, CommandLine.Run(run, output, error, terminal: true));
        Assert.Contains("30/30", error.ToString(), StringComparison.Ordinal);
        error.GetStringBuilder().Clear();
        Assert.Equal(0, CommandLine.Run([.. run, "--quiet"], output, error, terminal: true));
        Assert.Empty(error.ToString());
    }

    [Fact]
    public void A_map_is_suggested_and_applied()
    {
        using var folder = new Folder();
        string survey = folder.File("survey.csv", "y,state\n1,CA\n0,CA\n1,ca.\n0,NY\n1,NY\n0,NY\n1,TX\n0,TX\n");
        string frame = folder.File("frame.csv", "state,N\nCA,10\nNY,20\nTX,30\n"), map = folder.At("map.json");
        string[] mrp = ["mrp", survey, "--population", frame, "--formula", "y ~ 1 + (1 | state)"];
        Tool.Run([.. mrp, "--out", folder.At("never")]).Refuses(1, "'ca.'", "--suggest-map");
        Assert.False(Directory.Exists(folder.At("never")));
        Assert.Equal(0, Tool.Run([.. mrp, "--suggest-map", map]).Status);
        Assert.Equal("CA", JsonDocument.Parse(File.ReadAllText(map)).RootElement.GetProperty("state").GetProperty("ca.").GetString());
        JsonElement rows = Tool.Json([.. mrp, "--map", map, "--by", "state"]).GetProperty("by")[0].GetProperty("rows");
        Assert.Equal(3, rows[0].GetProperty("n").GetInt32());
    }

    [Fact]
    public void A_level_that_resembles_none_of_the_population_is_listed_instead_of_a_map()
    {
        using var folder = new Folder();
        string survey = folder.File("survey.csv", "y,state\n1,CA\n0,CA\n1,Ontario\n0,NY\n1,NY\n0,NY\n1,TX\n0,TX\n");
        string frame = folder.File("frame.csv", "state,N\nCA,10\nNY,20\nTX,30\n"), map = folder.At("map.json");
        string[] mrp = ["mrp", survey, "--population", frame, "--formula", "y ~ 1 + (1 | state)", "--suggest-map", map];
        Tool.Run(mrp).Refuses(1, "state: 'Ontario'", "--where");
        Assert.False(File.Exists(map));
        folder.File("survey.csv", File.ReadAllText(survey) + "1,ca.\n");
        ToolRun some = Tool.Run(mrp);
        Assert.Equal(0, some.Status);
        Assert.Contains("'Ontario'", some.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(map));
    }

    [Fact]
    public void The_document_tells_the_seconds_of_the_run() =>
        Assert.True(Tool.Json([.. Students, "--formula", "response ~ factor(class)"]).GetProperty("model").GetProperty("seconds").GetDouble() > 0);

    [Fact]
    public void A_condition_on_the_survey_alone_leaves_the_population_whole()
    {
        string[] polls = ["mrp", Folder.Example("election88_polls_all"), "--population", Folder.Example("census88"), "--formula", "bush ~ female"];
        JsonElement one = Tool.Json([.. polls, "--where", "survey == '9158'"]), women = Tool.Json([.. polls[..^1], "bush ~ 1", "--where", "female == 1"]);
        Assert.Equal(191694117, one.GetProperty("population").GetDouble(), 0);
        Assert.InRange(women.GetProperty("population").GetDouble(), 9e7, 1.1e8);
    }

    [Theory]
    [InlineData("class,N\n1,10\n1,20\n", "rows 1 and 2")]
    [InlineData("class,N\n1,-10\n2,20\n", "negative")]
    [InlineData("class,people\n1,10\n", "--count")]
    [InlineData("class,N\n1,many\n2,20\n", "N")]
    [InlineData("class,N\n1,10\n", "class")]
    [InlineData("room,N\n1,10\n", "class")]
    [InlineData("class,N\n", "frame.csv")]
    public void A_population_that_does_not_fit(string frame, string word)
    {
        using var folder = new Folder();
        Tool.Run(["mrp", Folder.Example("students"), "--population", folder.File("frame.csv", frame), "--formula", "response ~ 1 + (1 | class)", "--out", folder.At("out"), "--save", folder.At("fit")])
            .Refuses(1, word);
        Assert.Equal(["frame.csv"], folder.Names());
    }

    [Fact]
    public void A_sampling_weight_is_refused_with_advice() =>
        Tool.Run("mrp", Folder.Example("election88_polls_all"), "--population", Folder.Example("census88"), "--formula", "bush ~ 1 + (1 | state)", "--weights", "weight")
            .Refuses(1, "sampling weight");

    [Theory]
    [InlineData("--interval", "wide")]
    [InlineData("--interval", "article:9")]
    [InlineData("--level", "95")]
    [InlineData("--engine", "ml")]
    [InlineData("--engine", "agq:many")]
    [InlineData("--engine", "ml,nuts")]
    public void Options_that_do_not_fit(string option, string value) => Tool.Run([.. Multilevel, option, value]).Refuses(2, option);

    [Fact]
    public void Cancelling_leaves_nothing_behind()
    {
        using var folder = new Folder();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        using StringWriter output = new(), error = new();
        int status = CommandLine.Run([.. Multilevel, "--interval", "bootstrap:9999", "--out", folder.At("out")], output, error, cancellation: cancellation.Token);
        Assert.Equal((130, ""), (status, output.ToString()));
        Assert.Empty(folder.Names());
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);

    private static string Without(string document) => string.Join('\n', document.Split('\n').Where(line => !line.Contains("econds\":", StringComparison.Ordinal)));
}
