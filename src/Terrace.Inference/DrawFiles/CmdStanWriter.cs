using System.Globalization;
using Terrace.Inference.Posterior;
using Terrace.Inference.Sampling;
using Terrace.Inference.Tables;

namespace Terrace.Inference.DrawFiles;

/// <summary>
/// Draws as CmdStan CSV, one file a chain: comments with the settings, a header, one row an iteration, step size and metric after the warm-up, times at the end; R's posterior, cmdstanr and rstan and Python's ArviZ and
/// CmdStanPy read it. Numbers are written so that they read back to the bit.
/// </summary>
/// <remarks>CmdStan User's Guide, "Stan CSV File Format". Column names: <see cref="ColumnNames"/>. Checked in <c>CmdStanCsvTests</c>.</remarks>
public static class CmdStanWriter
{
    private static readonly string[] SamplerColumns = ["lp__", "accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__"];

    /// <summary>Writes one chain, warm-up draws included where <paramref name="result"/> holds them.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="result">The draws.</param>
    /// <param name="options">How they were made.</param>
    /// <param name="chain">The chain, from 0.</param>
    public static void Write(TextWriter output, string model, SamplingResult result, NutsOptions options, int chain)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(options);
        output.NewLine = "\n";
        WriteSettings(output, model, options, chain);
        VariableLayout layout = result.Draws.Layout;
        IEnumerable<string> names = layout.Variables.SelectMany(variable => Enumerable.Range(0, variable.Size).Select(element => ColumnNames.ToFile(variable, element)));
        output.WriteLine(string.Join(',', SamplerColumns.Concat(names).Select(name => CsvField.Of(name))));
        if (result.Warmup is { } warmup) WriteDraws(output, warmup, result.WarmupStatistics!, chain);
        WriteAdaptation(output, result, options, chain);
        WriteDraws(output, result.Draws, result.Statistics, chain);
        output.WriteLine("# ");
        string warmupTime = Number(result.WarmupSeconds / result.Draws.Chains), time = Number(result.SamplingSeconds / result.Draws.Chains), total = Number((result.WarmupSeconds + result.SamplingSeconds) / result.Draws.Chains);
        output.WriteLine($"#  Elapsed Time: {warmupTime} seconds (Warm-up)");
        output.WriteLine($"#                {time} seconds (Sampling)");
        output.WriteLine($"#                {total} seconds (Total)");
        output.WriteLine("# ");
    }

    private static void WriteSettings(TextWriter output, string model, NutsOptions options, int chain)
    {
        string[] lines =
        [
            "stan_version_major = 2", "stan_version_minor = 37", "stan_version_patch = 0", $"model = {model}", "method = sample (Default)", "  sample",
            $"    num_samples = {options.Iterations}", $"    num_warmup = {options.Warmup}", $"    save_warmup = {(options.SaveWarmup ? 1 : 0)}", $"    thin = {options.Thin}",
            "    adapt", "      engaged = 1 (Default)", $"      delta = {Number(options.AdaptDelta)}", "    algorithm = hmc (Default)", "      hmc", "        engine = nuts (Default)", "          nuts",
            $"            max_depth = {options.MaxTreeDepth}", $"        metric = {(options.Metric switch { MetricKind.Dense => "dense_e", MetricKind.Unit => "unit_e", _ => "diag_e (Default)" })}",
            $"id = {chain + 1}", "random", $"  seed = {options.Seed}",
        ];
        foreach (string line in lines) output.WriteLine("# " + line.ReplaceLineEndings(" "));
    }

    private static void WriteAdaptation(TextWriter output, SamplingResult result, NutsOptions options, int chain)
    {
        if (options.Warmup == 0 || result.StepSizes.Count <= chain) return;
        output.WriteLine("# Adaptation terminated");
        output.WriteLine($"# Step size = {Number(result.StepSizes[chain])}");
        IReadOnlyList<double> metric = result.InverseMetrics[chain];
        if (options.Metric == MetricKind.Dense)
        {
            output.WriteLine("# Elements of inverse mass matrix:");
            int n = (int)Math.Round(Math.Sqrt(metric.Count));
            for (int i = 0; i < n; i++) output.WriteLine("# " + string.Join(", ", Enumerable.Range(0, n).Select(j => Number(metric[j * n + i]))));
        }
        else
        {
            output.WriteLine("# Diagonal elements of inverse mass matrix:");
            output.WriteLine("# " + string.Join(", ", metric.Select(Number)));
        }
    }

    private static void WriteDraws(TextWriter output, Draws draws, SamplerStatistics statistics, int chain)
    {
        var values = new double[draws.Layout.Count];
        for (int i = 0; i < draws.Iterations; i++)
        {
            int at = chain * draws.Iterations + i;
            output.Write(string.Join(',', Number(statistics.LogDensity[at]), Number(statistics.Acceptance[at]), Number(statistics.StepSize[at]), statistics.TreeDepth[at].ToString(CultureInfo.InvariantCulture),
                statistics.LeapfrogSteps[at].ToString(CultureInfo.InvariantCulture), statistics.Divergent[at] ? "1" : "0", Number(statistics.Energy[at])));
            draws.CopyDraw(at, values);
            foreach (double value in values)
            {
                output.Write(',');
                output.Write(Number(value));
            }
            output.WriteLine();
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : value.ToString("R", CultureInfo.InvariantCulture);
}
