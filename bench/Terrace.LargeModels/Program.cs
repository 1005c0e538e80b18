using System.Diagnostics;
using System.Globalization;
using Terrace.LargeModels;
using Terrace.MixedModels;

// Fits a large simulated linear mixed model and reports time, memory and estimates beside the truth.
//   dotnet run -c Release --project bench/Terrace.LargeModels -- schools|nested|crossed [size…] [--factorisation automatic|dense|sparse|iterative] [--ml] [--seed N] [--csv FILE]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string kind = args.Length > 0 ? args[0] : "schools";
int[] sizes = [.. args.Skip(1).TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
ulong seed = ulong.Parse(Option("--seed") ?? "1", CultureInfo.InvariantCulture);
int Size(int place, int standard) => place < sizes.Length ? sizes[place] : standard;
string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

var data = kind switch
{
    "schools" => SimulatedData.Schools(Size(0, 300_000), Size(1, 20_000), Size(2, 500), seed),
    "nested" => SimulatedData.Nested(Size(0, 500), Size(1, 50_000), Size(2, 500_000), seed),
    "crossed" => SimulatedData.Crossed(Size(0, 200_000), Size(1, 20_000), Size(2, 2_000_000), seed),
    _ => throw new ArgumentException($"'{kind}' is none of schools, nested and crossed."),
};
if (Option("--csv") is { } path) WriteCsv(path, data);
var options = new LinearMixedModelOptions { Reml = !args.Contains("--ml"), Factorisation = Enum.Parse<Factorisation>(Option("--factorisation") ?? "automatic", true) };
TimeSpan cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
var watch = Stopwatch.StartNew();
MixedModelFit fit = LinearMixedModel.Fit(data.Rows, options);
double seconds = watch.Elapsed.TotalSeconds, cpu = (Process.GetCurrentProcess().TotalProcessorTime - cpuBefore).TotalSeconds;
Console.WriteLine($"{kind}: {data.Rows.Rows:N0} rows, {string.Join(", ", fit.Terms.Select(t => $"{t.Group} {t.Levels.Count:N0}"))}");
Console.WriteLine($"{seconds:F1} s wall, {cpu:F1} s CPU, peak memory {PeakGigabytes():F2} GB, {fit.Evaluations} evaluations, converged {fit.Converged}, gradient {fit.GradientNorm:G3}");
foreach (var term in fit.Terms) Console.WriteLine($"  sd {term.Group}: {term.StandardDeviation(0):F6} (simulated {data.Truth.First(t => t.Group == term.Group).Sd})");
Console.WriteLine($"  sigma {fit.Sigma:F6} (1), beta {string.Join(", ", fit.Beta.Zip(fit.StandardErrors(), (b, se) => $"{b:F6} ({se:F6})"))} (1, 0.5, -0.25)");
Console.WriteLine($"  criterion {fit.Deviance:F6}, theta {string.Join(", ", fit.Theta.Select(t => $"{t:F8}"))}");

static double PeakGigabytes()
{
    const string status = "/proc/self/status";
    if (!File.Exists(status)) return Process.GetCurrentProcess().PeakWorkingSet64 / 1e9;
    string line = File.ReadLines(status).First(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
    return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e9;
}

static void WriteCsv(string path, SimulatedData data)
{
    using var writer = new StreamWriter(path);
    var design = data.Rows.Design;
    writer.WriteLine("y,x1,x2," + string.Join(',', design.RandomTerms.Select(t => t.Group.Replace(':', '_'))));
    for (int i = 0; i < design.Rows; i++)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{data.Rows.Response!.Values[i]:R},{design.X[i, 1]:R},{design.X[i, 2]:R},")
            + string.Join(',', design.RandomTerms.Select(t => t.Codes[i] + 1)));
    }
}
