using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.CompareLme4;

/// <summary>How CPU and memory grow with the number of rows.</summary>
internal static class Growth
{
    private const string Crossed = "y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept:service)";

    /// <summary>
    /// The crossed model of InstEval with its rows once, 4 and 16 times (every copy with a new response, so that nothing collapses to the same fit): everything that follows the cross-products costs the same.
    /// </summary>
    public static void FixedLevels(string folder)
    {
        Frame once = Workload.All.First(w => w.Name == "insteval").Read(folder);
        Console.WriteLine("| rows | CPU s to cross-products and fit | evaluations | CPU s of the search | search, ms an evaluation |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (int copies in (int[])[1, 4, 16])
        {
            Frame data = Copies(once, copies, new Rng(17, (ulong)copies));
            Formula formula = Formula.Parse(Crossed);
            ModelFrame frame = ModelFrame.Learn(formula, data);
            ModelRows rows = frame.Encode(data);
            var options = new LinearMixedModelOptions { Reml = false };
            MixedModelFit fit = LinearMixedModel.Fit(rows, options);
            double whole = CpuTime.Least(() => LinearMixedModel.Fit(rows, options), 3);
            LinearCrossProducts sums = LinearMixedModel.CrossProducts(rows, Factorisation.Automatic, out _, out _, out _);
            var scaling = new RandomTermScaling(sums.Product, sums.WeightSum);
            sums.Product.SumOfSquares += sums.WithinSquares;
            sums = sums with { WithinSquares = 0 };
            double search = CpuTime.Least(() => LinearMixedModel.Estimate(sums, sums.Product, scaling, options, CancellationToken.None), 3);
            Console.WriteLine($"| {rows.Rows} | {whole:F3} | {fit.Evaluations} | {search:F3} | {1000 * search / fit.Evaluations:F1} |");
        }
    }

    /// <summary>Writes a file of <paramref name="count"/> rows: y, x and a group of 1,000 levels.</summary>
    public static void Generate(string path, long count)
    {
        var rng = new Rng(18, 1);
        double[] effects = [.. Enumerable.Range(0, 1000).Select(_ => rng.NextNormal())];
        using var writer = new StreamWriter(path, append: false, System.Text.Encoding.ASCII, 1 << 16);
        Span<char> line = stackalloc char[64];
        writer.Write("y,x,g\n");
        for (long i = 0; i < count; i++)
        {
            int group = rng.NextInt(1000);
            double x = Math.Round(rng.NextNormal(), 3), y = Math.Round(2 + 0.5 * x + 0.7 * effects[group] + rng.NextNormal(), 3);
            line.TryWrite(System.Globalization.CultureInfo.InvariantCulture, $"{y},{x},{group}\n", out int length);
            writer.Write(line[..length]);
        }
    }

    /// <summary>Fits y ~ x + (1 | g) to a file as a stream: CPU of each pass, CPU a row, and the most memory the process had.</summary>
    public static void Streamed(string path)
    {
        Warm();
        double start = CpuTime.Now;
        var file = new CsvFile(path);
        long count = file.RowCount;
        double scanned = CpuTime.Now;
        ModelFrame frame = ModelFrame.Learn(Formula.Parse("y ~ x + (1 | g)"), file);
        double learned = CpuTime.Now;
        StreamedFit fit = LinearMixedModel.FitStreamed(frame, file);
        double end = CpuTime.Now;
        Console.WriteLine($"| {count} | {scanned - start:F2} | {learned - scanned:F2} | {end - learned:F2} | {1e9 * (end - start) / count:F0} | {PeakMegabytes()} | {fit.Fit.Theta[0]:F5} |");
    }

    /// <summary>Has everything compiled.</summary>
    private static void Warm()
    {
        string path = Path.GetTempFileName();
        Generate(path, 300_000);
        for (int i = 0; i < 3; i++) LinearMixedModel.FitStreamed(ModelFrame.Learn(Formula.Parse("y ~ x + (1 | g)"), new CsvFile(path)), new CsvFile(path));
        File.Delete(path);
    }

    private static long PeakMegabytes() => System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20;

    private static Frame Copies(Frame once, int copies, Rng rng)
    {
        int[] rows = [.. Enumerable.Range(0, copies).SelectMany(_ => Enumerable.Range(0, once.RowCount))];
        Frame data = once.Select(rows);
        double[] effects = [.. Enumerable.Range(0, 3000).Select(_ => 0.3 * rng.NextNormal())];
        ReadOnlySpan<int> s = ((Factor)data.Get("s")).Codes, d = ((Factor)data.Get("d")).Codes;
        var y = new double[rows.Length];
        for (int i = 0; i < y.Length; i++) y[i] = 3 + effects[s[i]] + 1.5 * effects[2999 - d[i]] + rng.NextNormal();
        return data.With(new NumericColumn("y", y));
    }
}
