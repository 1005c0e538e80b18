using System.Text.Json;

namespace Terrace.Cli.Tests;

/// <summary>The ways of solving for the random effects, asked for on the command line.</summary>
public class FactorisationTests
{
    private const string Formula = "score ~ 1 + (1 | pupil) + (1 | item)";

    [Fact]
    public void Every_way_gives_the_same_fit_and_is_named()
    {
        using var folder = new Folder();
        string data = folder.File("crossed.csv", Crossed());
        JsonElement dense = Tool.Json("fit", Formula, "--data", data), sparse = Tool.Json("fit", Formula, "--data", data, "--factorisation", "sparse");
        JsonElement iterative = Tool.Json("fit", Formula, "--data", data, "--factorisation", "iterative");
        Assert.Equal(["dense", "sparse", "iterative"], new[] { dense, sparse, iterative }.Select(fit => fit.GetProperty("factorisation").GetString()));
        double criterion = dense.GetProperty("remlCriterion").GetDouble();
        Assert.Equal(criterion, sparse.GetProperty("remlCriterion").GetDouble(), 1e-6);
        double error = iterative.GetProperty("logLikError").GetDouble();
        Assert.InRange(iterative.GetProperty("remlCriterion").GetDouble(), criterion - 8 * error - 0.01, criterion + 8 * error + 0.01);
        Assert.Equal("stochastic-loglik", iterative.GetProperty("warnings")[0].GetProperty("code").GetString());
        Assert.Contains("by a sparse factorisation, which is exact", Tool.Run("fit", Formula, "--data", data, "--factorisation", "sparse").Output, StringComparison.Ordinal);
        Assert.Contains("Monte Carlo standard error", Tool.Run("fit", Formula, "--data", data, "--factorisation", "iterative").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_iterative_fit_cannot_do_is_refused_with_a_way_out()
    {
        using var folder = new Folder();
        string data = folder.File("crossed.csv", Crossed());
        var tests = Tool.Run("fit", Formula, "--data", data, "--factorisation", "iterative", "--df", "satterthwaite");
        Assert.Equal(1, tests.Status);
        Assert.Contains("ask for the factorisation 'sparse'", tests.Error, StringComparison.Ordinal);
        Tool.Run("fit", Formula, "--data", data, "--factorisation", "iterative", "--ci", "profile").Refuses(1, "was fitted iteratively", "'sparse'");
        Assert.Contains("fitted iteratively", Tool.Run("fit", Formula, "--data", data, "--factorisation", "iterative").Error, StringComparison.Ordinal);
        var family = Tool.Run("fit", "right ~ 1 + (1 | pupil) + (1 | item)", "--data", data, "--family", "binomial", "--factorisation", "iterative");
        Assert.Equal(1, family.Status);
        Assert.Contains("Only linear mixed models are fitted iteratively", family.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_of_an_iterative_fit_say_why_they_have_no_intervals()
    {
        using var folder = new Folder();
        string data = folder.File("crossed.csv", Crossed()), saved = folder.At("iterative.fit");
        Assert.Equal(0, Tool.Run("fit", Formula, "--data", data, "--factorisation", "iterative", "--save", saved).Status);
        ToolRun predicted = Tool.Run("predict", saved, "--data", data);
        Assert.Equal(0, predicted.Status);
        Assert.Contains(" NA ", predicted.Output, StringComparison.Ordinal);
        Assert.Contains("no standard deviations and no intervals", predicted.Error, StringComparison.Ordinal);
    }

    private static string Crossed()
    {
        var lines = new List<string> { "score,right,pupil,item" };
        for (int i = 0; i < 600; i++)
        {
            int pupil = i % 60, item = i * 7 % 25 + (i / 60 % 2);
            double score = Math.Sin(pupil * 12.9898) + Math.Cos(item * 78.233) + 1.5 * Math.Sin(i * 3.7 + i * i * 0.11);
            lines.Add(FormattableString.Invariant($"{score:F6},{(score > 0 ? 1 : 0)},p{pupil},i{item}"));
        }
        return string.Join('\n', lines) + "\n";
    }
}
