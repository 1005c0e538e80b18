using System.Text.Json;

namespace Terrace.Cli.Tests;

public class FitDiagnosticsTests
{
    private static readonly string[] Radon = ["fit", "log_radon ~ floor + log_uranium + (1 | county)", "--data", Folder.Example("radon")];

    [Fact]
    public void Diagnose_adds_a_section_to_the_summary()
    {
        ToolRun run = Tool.Run([.. Radon, "--diagnose", "--restarts", "2"]);
        Assert.Equal(0, run.Status);
        foreach (string words in new[] { "Linear mixed model fit by REML", "Convergence: The estimates are within", "the Hessian confirms", "R² and intraclass correlation", "(1 | county): 100.0 %; 1 of 1 supported", "log_uranium: ", "Nelder-Mead", "All 4 searches ended" })
            Assert.Contains(words, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_adds_a_member_to_the_document()
    {
        JsonElement diagnostics = Tool.Json([.. Radon, "--diagnose", "--restarts", "2", "--poolings"]).GetProperty("diagnostics");
        Assert.True(diagnostics.GetProperty("convergence").GetProperty("converged").GetBoolean());
        JsonElement r2 = diagnostics.GetProperty("r2")[0];
        Assert.Equal(0.173288, r2.GetProperty("marginal").GetDouble(), 1e-4);
        Assert.Equal("county", r2.GetProperty("groups")[0].GetProperty("group").GetString());
        Assert.Equal(JsonValueKind.Null, diagnostics.GetProperty("pca")[0].GetProperty("advice").ValueKind);
        Assert.Equal("rows", diagnostics.GetProperty("levels")[1].GetProperty("level").GetString());
        Assert.Equal(4, diagnostics.GetProperty("restarts").GetProperty("searches").GetArrayLength());
        Assert.Equal(85, diagnostics.GetProperty("poolings").GetProperty("rows").GetArrayLength());
        Assert.False(Tool.Json(Radon).TryGetProperty("diagnostics", out _));
    }

    [Fact]
    public void Display_is_arms_layout_of_every_kind_of_model()
    {
        Assert.Contains("Error terms:\n Groups   Name        Std.Dev.\n county   (Intercept) 0.16    \n", Tool.Run([.. Radon, "--display"]).Output, StringComparison.Ordinal);
        Assert.StartsWith("lm(formula = log_radon ~ floor, data = radon.csv.gz)\n            coef.est coef.se\n", Tool.Run("fit", "log_radon ~ floor", "--data", Folder.Example("radon"), "--display").Output, StringComparison.Ordinal);
        string binomial = Tool.Run("fit", "use ~ urban + (1 | district)", "--data", Folder.Fixture("Contraception.csv.gz"), "--family", "binomial", "--link", "probit", "--display", "--detail", "--digits", "3").Output;
        Assert.StartsWith("glmer(formula = use ~ urban + (1 | district), data = Contraception.csv.gz, family = binomial(probit))\n", binomial, StringComparison.Ordinal);
        Assert.Contains("z value Pr(>|z|)", binomial, StringComparison.Ordinal);
    }

    [Fact]
    public void Poolings_are_a_table_of_the_groups()
    {
        ToolRun run = Tool.Run([.. Radon, "--poolings"]);
        Assert.Contains("Three poolings of county", run.Output, StringComparison.Ordinal);
        Assert.Equal(85, run.Output.Split("Three poolings")[1].Split('\n').Count(line => line.StartsWith(' ') && char.IsUpper(line[1])));
    }

    [Fact]
    public void Files_of_rows_and_groups_are_written_whole()
    {
        using var folder = new Folder();
        Assert.Equal(0, Tool.Run([.. Radon, "--diagnostics-out", folder.At("rows.csv"), "--influence-out", folder.At("groups.csv")]).Status);
        string[] rows = File.ReadAllLines(folder.At("rows.csv")), groups = File.ReadAllLines(folder.At("groups.csv"));
        Assert.Equal(920, rows.Length);
        Assert.StartsWith("row,response,fitted,residual,pearson,deviance,marginal,leverage,cooksDistance,fixedEffectsDistance,dfbetas[(Intercept)]", rows[0], StringComparison.Ordinal);
        Assert.Equal(86, groups.Length);
        Assert.StartsWith("county,AITKIN,one-step,", groups[1], StringComparison.Ordinal);
        Assert.Equal(["groups.csv", "rows.csv"], folder.Names());
    }

    [Fact]
    public void Exact_influence_has_the_standard_deviations_without_each_group()
    {
        using var folder = new Folder();
        Tool.Run("fit", "Reaction ~ Days + (Days | Subject)", "--data", Folder.Example("sleepstudy"), "--influence-out", folder.At("g.csv"), "--influence", "exact");
        string[] lines = File.ReadAllLines(folder.At("g.csv"));
        Assert.EndsWith("\"sd[Subject,(Intercept)]\",\"sd[Subject,Days]\",sigma", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Subject,308,exact,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_groups_has_row_diagnostics_only()
    {
        using var folder = new Folder();
        string[] fit = ["fit", "log_radon ~ floor", "--data", Folder.Example("radon")];
        Assert.Equal(0, Tool.Run([.. fit, "--diagnostics-out", folder.At("rows.csv")]).Status);
        Assert.Equal(920, File.ReadAllLines(folder.At("rows.csv")).Length);
        foreach (string[] option in new string[][] { ["--diagnose"], ["--restarts", "3"], ["--poolings"], ["--influence-out", folder.At("g.csv")] })
            Tool.Run([.. fit, .. option]).Refuses(2, "needs group-level terms");
        Assert.Equal(["rows.csv"], folder.Names());
    }

    [Theory]
    [InlineData("--poolings")]
    [InlineData("--display")]
    [InlineData("--influence-out", "never.csv")]
    public void Models_with_further_parameters_are_told_what_there_is_not(params string[] option) =>
        Tool.Run(["fit", "SiblingNegotiation ~ ArrivalTime + (1 | Nest)", "--data", Folder.Fixture("Owls.csv.gz"), "--family", "neg-binomial", .. option]).Refuses(2, option[0], "further parameters");

    [Fact]
    public void Models_with_further_parameters_and_nonlinear_ones_are_diagnosed()
    {
        using var folder = new Folder();
        string[] owls = ["fit", "SiblingNegotiation ~ ArrivalTime + (1 | Nest)", "--data", Folder.Fixture("Owls.csv.gz"), "--family", "neg-binomial"];
        JsonElement diagnostics = Tool.Json([.. owls, "--restarts", "2", "--diagnostics-out", folder.At("owls.csv")]).GetProperty("diagnostics");
        Assert.True(diagnostics.GetProperty("convergence").GetProperty("converged").GetBoolean());
        Assert.True(diagnostics.GetProperty("restarts").GetProperty("fitIsBest").GetBoolean());
        Assert.Equal(1, diagnostics.GetProperty("pca").GetArrayLength());
        string[] lines = File.ReadAllLines(folder.At("owls.csv"));
        Assert.Equal("row,response,fitted,residual,pearson", lines[0]);
        Assert.Equal(600, lines.Length);
        ToolRun trees = Tool.Run("fit", "circumference ~ SSlogis(age, Asym, xmid, scal) ~ Asym | Tree", "--data", Folder.Example("Orange"), "--restarts", "2", "--diagnostics-out", folder.At("trees.csv"));
        Assert.Contains("All 4 searches ended at the optimum of the fit", trees.Output, StringComparison.Ordinal);
        Assert.Equal(36, File.ReadAllLines(folder.At("trees.csv")).Length);
        Tool.Run("fit", "circumference ~ SSlogis(age, Asym, xmid, scal)", "--data", Folder.Example("Orange"), "--restarts", "2").Refuses(2, "--restarts", "group-level terms");
    }

    [Fact]
    public void Nothing_is_written_where_the_poolings_are_refused()
    {
        using var folder = new Folder();
        Tool.Run("fit", "Reaction ~ Days + (Days | Subject)", "--data", Folder.Example("sleepstudy"), "--poolings", "--diagnostics-out", folder.At("rows.csv")).Refuses(1, "one grouping factor");
        Assert.Empty(folder.Names());
    }

    [Theory]
    [InlineData("--restarts", "many")]
    [InlineData("--influence", "some")]
    [InlineData("--digits", "99")]
    public void Values_that_are_not_possible_are_refused(string option, string value) => Tool.Run([.. Radon, option, value]).Refuses(2, option);
}
