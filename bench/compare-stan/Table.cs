using System.Globalization;
using Terrace.PosteriorDb;

namespace Terrace.CompareStan;

/// <summary>What was measured, as Markdown.</summary>
internal static class Table
{
    /// <summary>Agreement of gradients, relative to the largest component, that counts as equal.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>Prints the tables.</summary>
    public static void Print(Posterior[] posteriors, WorkFolder work)
    {
        List<Row> rows = [];
        List<string> without = [];
        foreach (Posterior posterior in posteriors)
        {
            string name = posterior.Program;
            Dictionary<string, double[]> theirs = work.Results("rstan", name), ours = work.Results("terrace", name);
            if (theirs.ContainsKey("micro") && ours.ContainsKey("micro")) rows.Add(Row.Of(name, theirs, ours));
            else without.Add($"| {name} | {work.Refusal("rstan", name) ?? (theirs.Count == 0 ? "not measured with rstan" : "not measured with terrace")} |");
        }
        rows.Sort((a, b) => a.Ratio.CompareTo(b.Ratio));
        Summary(rows);
        Console.WriteLine("| program | parameters | rstan µs | terrace µs | rstan / terrace | rstan compile s | terrace compile s, first | warm | gradients differ by |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (Row row in rows) Console.WriteLine(row);
        if (without.Count == 0) return;
        Console.WriteLine("\n| program without a comparison | why |\n|---|---|");
        foreach (string line in without) Console.WriteLine(line);
    }

    private static void Summary(List<Row> rows)
    {
        if (rows.Count == 0) return;
        string Median(Func<Row, double> of) => Text(rows.Select(of).Order().ElementAt(rows.Count / 2));
        string Quantile(double p) => Text(rows[(int)(p * (rows.Count - 1))].Ratio);
        Console.WriteLine($"{rows.Count} programs; rstan / terrace: least {Text(rows[0].Ratio)}, lower quartile {Quantile(0.25)}, median {Quantile(0.5)}, upper quartile {Quantile(0.75)}, most {Text(rows[^1].Ratio)}; below 1 in "
            + $"{rows.Count(row => row.Ratio < 1)}. Compilation, CPU seconds, medians: rstan {Median(row => row.TheirCompile)}, terrace {Median(row => row.First)} first in a process, {Median(row => row.Warm)} warm. "
            + $"Gradients agree to {Tolerance.ToString("0e+0", CultureInfo.InvariantCulture)} in {rows.Count(row => row.Difference <= Tolerance)}.\n");
    }

    private static string Text(double x) => x switch
    {
        _ when double.IsNaN(x) => "-",
        >= 100 => x.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => x.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => x.ToString("0.00", CultureInfo.InvariantCulture),
        _ => x.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    private sealed record Row(string Name, int Dimension, double Theirs, double Ours, double TheirCompile, double First, double Warm, double Difference)
    {
        public double Ratio => Theirs / Ours;

        public static Row Of(string name, Dictionary<string, double[]> theirs, Dictionary<string, double[]> ours)
        {
            double difference = 0;
            for (int k = 0; ours.TryGetValue($"gradient{k}", out double[]? a); k++)
            {
                if (!theirs.TryGetValue($"gradient{k}", out double[]? b) || b.Length != a.Length) difference = double.NaN;
                else difference = Math.Max(difference, a.Zip(b, (x, y) => Math.Abs(x - y)).DefaultIfEmpty().Max() / (1 + a.Select(Math.Abs).DefaultIfEmpty().Max()));
                if (k == 0 || !theirs.TryGetValue($"value{k}", out double[]? value) || double.IsNaN(difference)) continue;
                double constant = theirs["value0"][0] - ours["value0"][0], here = value[0] - ours[$"value{k}"][0];
                difference = Math.Max(difference, Math.Abs(here - constant) / (1 + Math.Abs(value[0])));
            }
            return new Row(name, ours["gradient0"].Length, theirs["micro"][0], ours["micro"][0], theirs.GetValueOrDefault("compile", [double.NaN])[0], ours["first"][0], ours["warm"][0], difference);
        }

        public override string ToString() =>
            $"| {Name} | {Dimension} | {Text(Theirs)} | {Text(Ours)} | {Text(Ratio)} | {Text(TheirCompile)} | {Text(First)} | {Text(Warm)} | {Difference.ToString("0e+0", CultureInfo.InvariantCulture)} |";
    }
}
