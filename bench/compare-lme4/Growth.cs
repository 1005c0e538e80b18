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
    /// The crossed model of InstEval with 1, 4 and 16 times its rows and the same levels, every row with a new response: the same students with the same lecturers again, so that nothing grows but the rows; then every copy
    /// with other lecturers for each student, so that more levels meet and the matrices fill up.
    /// </summary>
    public static void FixedLevels(string folder)
    {
        Frame once = Workload.All.First(w => w.Name == "insteval").Read(folder);
        Console.WriteLine("| copies meet | rows | cells | pairs of levels of s and the others | tail | CPU s of coding | of cross-products | evaluations | CPU ms an evaluation | CPU s of the fit |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (bool others in (bool[])[false, true])
        {
            foreach (int copies in (int[])[1, 4, 16])
            {
                if (others && copies == 1) continue;
                Frame data = Copies(once, copies, others, new Rng(17, (ulong)copies));
                Formula formula = Formula.Parse(Crossed);
                ModelRows rows = ModelFrame.Learn(formula, data).Encode(data);
                double coding = CpuTime.Least(() => ModelFrame.Learn(formula, data).Encode(data), 1);
                var fit = new FitPhases(rows, new LinearMixedModelOptions { Reml = false });
                Console.WriteLine($"| {(others ? "other lecturers" : "the same lecturers")} | {rows.Rows} | {fit.Cells} | {fit.Meetings} | {(fit.Sparse ? "sparse" : "dense")} | {coding:F3} | {fit.SetUp:F3} "
                    + $"| {fit.Evaluations} | {1000 * fit.Evaluation:F1} | {fit.Whole:F3} |");
            }
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

    /// <summary>The rows so often, with a new response; with <paramref name="others"/> every copy after the first has other lecturers for each student.</summary>
    public static Frame Copies(Frame once, int copies, bool others, Rng rng)
    {
        int count = once.RowCount;
        int[] students = [.. Enumerable.Range(0, copies * count).Select(i => i % count)];
        int[] lecturers = others ? [.. students.Select((row, i) => (row + i / count * 4111) % count)] : students;
        Frame first = once.Select(students), second = once.Select(lecturers);
        double[] effects = [.. Enumerable.Range(0, 5000).Select(_ => 0.3 * rng.NextNormal())];
        ReadOnlySpan<int> s = ((Factor)first.Get("s")).Codes, d = ((Factor)second.Get("d")).Codes, dept = ((Factor)second.Get("dept")).Codes, service = ((Factor)second.Get("service")).Codes;
        var y = new double[students.Length];
        for (int i = 0; i < y.Length; i++) y[i] = 3 + effects[s[i]] + 1.5 * effects[3000 + d[i]] + 0.5 * effects[4900 + 2 * dept[i] + service[i]] + 1.2 * rng.NextNormal();
        return second.With(first.Get("s")).With(new NumericColumn("y", y));
    }
}
