using System.Diagnostics;
using System.Text.Json;

namespace Terrace.Cli.Tests;

public class DrawsCommandTests
{
    private static readonly string[] Radon = ["fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), "--engine", "nuts", "--quiet"];

    [Fact]
    public void Draws_go_out_as_CmdStan_CSV_and_come_back_as_the_fit_summarised_them()
    {
        using var folder = new Folder();
        string place = folder.At("draws");
        JsonElement fit = Tool.Json([.. Radon, "--chains", "2", "--warmup", "300", "--draws", "300", "--draws-out", place]);
        string[] files = [.. Directory.GetFiles(place).Order()];
        Assert.Equal(["model-1.csv", "model-2.csv"], files.Select(Path.GetFileName));
        JsonElement summary = Tool.Json(["summarize", .. files, "--variables", "b sigma"]);
        Assert.Equal("gaussian", summary.GetProperty("model").GetString());
        JsonElement[] variables = [.. summary.GetProperty("variables").EnumerateArray()];
        Assert.Equal(["b[(Intercept)]", "b[floor]", "sigma"], variables.Select(v => v.GetProperty("name").GetString()));
        foreach (string member in (string[])["mean", "mcse", "sd", "q5", "q50", "q95", "rhat", "essBulk", "essTail"])
            Assert.Equal(fit.GetProperty("fixed")[1].GetProperty(member).GetDouble(), variables[1].GetProperty(member).GetDouble());
        Assert.Equal(2, summary.GetProperty("sampler").GetProperty("chains").GetInt32());
        Assert.Contains("b[floor]", Tool.Run(["summarize", .. files]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_says_what_is_wrong_and_in_what()
    {
        using var folder = new Folder();
        string good = folder.At("good");
        Tool.Json([.. Radon, "--chains", "4", "--draws-out", good]);
        JsonElement fine = Tool.Json(["diagnose", .. Directory.GetFiles(good)]);
        Assert.True(fine.GetProperty("ok").GetBoolean());
        Assert.Equal(0, fine.GetProperty("findings").GetArrayLength());
        string header = "lp__,divergent__,energy__,treedepth__,theta\n", apart = header + string.Concat(Enumerable.Range(0, 200).Select(i => $"-1,{(i < 3 ? 1 : 0)},{i % 7},2,{i % 13}\n"));
        File.WriteAllText(folder.At("a.csv"), apart);
        File.WriteAllText(folder.At("b.csv"), header + string.Concat(Enumerable.Range(0, 200).Select(i => $"-1,0,{i % 5},2,{50 + i % 11}\n")));
        JsonElement bad = Tool.Json("diagnose", folder.At("a.csv"), folder.At("b.csv"));
        Assert.False(bad.GetProperty("ok").GetBoolean());
        string[] codes = [.. bad.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!)];
        Assert.Contains("divergences", codes);
        Assert.Contains("high-rhat", codes);
        Assert.Contains("theta", bad.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("code").GetString() == "high-rhat").GetProperty("variables").EnumerateArray().Select(v => v.GetString()));
        ToolRun text = Tool.Run("diagnose", folder.At("a.csv"), folder.At("b.csv"));
        Assert.Contains("3 of 400 iterations diverged", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_file_of_draws_is_refused()
    {
        using var folder = new Folder();
        Tool.Run("summarize", folder.At("none.csv")).Refuses(1, "There is no file");
        File.WriteAllText(folder.At("x.csv"), "a,b\n1,2\n3\n");
        Tool.Run("diagnose", folder.At("x.csv")).Refuses(1, "row 3");
        File.WriteAllText(folder.At("y.csv"), "alpha,beta\n1,2\n3,4\n");
        Tool.Run("summarize", folder.At("y.csv"), "--variables", "alpa").Refuses(2, "no variable 'alpa'", "alpha");
        Tool.Run("fit", "log_radon ~ floor", "--data", Folder.Example("radon"), "--draws-out", folder.At("d")).Refuses(2, "--draws-out", "Bayesian");
        Assert.Equal(["x.csv", "y.csv"], folder.Names());
    }

    /// <summary>The process is killed outright (SIGKILL) at 20 moments of a fixed sequence, resumed each time, and ends with the very draws of a run that nobody disturbed.</summary>
    [Fact]
    public void A_run_killed_at_twenty_moments_resumes_to_the_same_bits()
    {
        using var folder = new Folder();
        string[] command = ["fit", "log_radon ~ floor + (1 | county)", "--data", Folder.Example("radon"), "--engine", "nuts", "--chains", "2", "--warmup", "1500", "--draws", "4000", "--quiet"];
        Assert.Equal(0, Tool.Run([.. command, "--draws-out", folder.At("whole")]).Status);
        var random = new Random(20);
        int killed = 0;
        for (int k = 0; k < 20; k++)
        {
            using Process process = Start([.. command, "--draws-out", folder.At("resumed"), "--checkpoint", folder.At("state"), .. (k == 0 ? Array.Empty<string>() : ["--resume"])]);
            if (!process.WaitForExit(TimeSpan.FromMilliseconds(150 + random.Next(1300)))) killed++;
            process.Kill();
            process.WaitForExit();
        }
        Assert.True(killed >= 10, $"only {killed} of 20 processes were still running");
        Assert.Equal(0, Tool.Run([.. command, "--draws-out", folder.At("resumed"), "--checkpoint", folder.At("state"), "--resume"]).Status);
        for (int chain = 1; chain <= 2; chain++) Assert.Equal(Rows(folder.At($"whole/model-{chain}.csv")), Rows(folder.At($"resumed/model-{chain}.csv")));
        Tool.Run([.. command, "--checkpoint", folder.At("state")]).Refuses(1, "checkpoint");
        Tool.Run([.. command, "--checkpoint", folder.At("state"), "--resume", "--seed", "9"]).Refuses(1, "another");
    }

    private static string[] Rows(string file) => [.. File.ReadLines(file).Where(line => !line.StartsWith('#'))];

    private static Process Start(string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(CommandLine).Assembly.Location);
        foreach (string arg in args) start.ArgumentList.Add(arg);
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
