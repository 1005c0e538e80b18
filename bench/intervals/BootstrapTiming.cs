using System.Globalization;
using Terrace.Data;
using Terrace.Design;
using Terrace.Families;
using Terrace.Formulas;
using Terrace.MixedModels;

namespace Terrace.IntervalStudies;

/// <summary>CPU time of parametric bootstrap refits of <c>pass ~ hours + prior + (1 | class)</c>, the first run (with start-up of the code) and later ones.</summary>
internal static class BootstrapTiming
{
    public static void Run(string file, int replicates)
    {
        Frame data = CsvFile.Read(file);
        ModelFrame model = ModelFrame.Learn(Formula.Parse("pass ~ hours + prior + (1 | class)"), data);
        MixedModelFit fit = GeneralizedLinearMixedModel.Fit(model.Encode(data), Family.Binomial());
        var evaluations = new BootstrapStatistic(["evaluations"], (m, values) => values[0] = m.Evaluations);
        Console.WriteLine($"evaluations a refit: {ParametricBootstrap.Run(fit, new BootstrapOptions { Replicates = 100 }, evaluations).Bias(0) + fit.Evaluations}");
        BootstrapResult result = Measure(fit, replicates, "first");
        for (int run = 0; run < 3; run++) result = Measure(fit, replicates, "again");
        for (int j = 0; j < result.Names.Count; j++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Names[j],-12} estimate {result.Estimates[j]:F6}  sd {result.StandardError(j):F5}  bias {result.Bias(j):F5}"));
        Console.WriteLine($"{result.Singular} singular, {result.Failed.Count} failed of {result.Replicates}; {fit.Cells} cells");
    }

    private static BootstrapResult Measure(MixedModelFit fit, int replicates, string which)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long bytes = GC.GetTotalAllocatedBytes(true);
        BootstrapResult result = ParametricBootstrap.Run(fit, new BootstrapOptions { Replicates = replicates });
        double seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        double kilobytes = (GC.GetTotalAllocatedBytes(true) - bytes) / 1024.0 / replicates;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{which}: {replicates} refits {seconds:F3} CPU s, {1000 * seconds / replicates:F3} ms a refit, {kilobytes:F1} KB a refit"));
        return result;
    }
}
