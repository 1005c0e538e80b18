using Terrace.Inference.LogDensities;
using Terrace.PosteriorDb;
using Terrace.Stan;
using Terrace.Stan.Data;

namespace Terrace.CompareStan;

/// <summary>
/// One program in a process of its own. <c>first</c> and <c>warm</c> are CPU seconds from the text to a compiled log density, the first in the process and the median of further ones: the whole way to the first gradient, less
/// binding and evaluating once more. <c>micro</c> and <c>typical</c> are CPU microseconds of the log density and its gradient: the least and the median of batches of 20 ms or more, after two seconds of running.
/// </summary>
internal static class Measurement
{
    private const int Compilations = 7, Batches = 25;
    private const double WarmUp = 2, Batch = 0.02;

    /// <summary>Measures and writes the results.</summary>
    public static void Run(Posterior posterior, WorkFolder work)
    {
        string text = File.ReadAllText(posterior.ModelPath);
        StanData data = posterior.ReadData();
        double[][] points = work.Points(posterior.Program);
        if (points.Length == 0) return;
        double first = Compile(text, posterior.Program, data, points[0]);
        double[] warm = [.. Enumerable.Range(0, Compilations).Select(i => Compile(text, posterior.Program + i, data, points[0])).Order()];
        ILogDensity density = Bound(text, posterior.Program, data).CreateEvaluator();
        var gradient = new double[points[0].Length];
        List<string> lines = [];
        for (int k = 0; k < points.Length; k++)
        {
            DensityValue value = density.Evaluate(points[k], gradient);
            lines.Add($"value{k}\t{WorkFolder.Line([value.Value])}");
            lines.Add($"gradient{k}\t{WorkFolder.Line(gradient)}");
        }
        double[] batches = Time(density, points, gradient);
        lines.Add($"first\t{WorkFolder.Line([first])}");
        lines.Add($"warm\t{WorkFolder.Line([warm[Compilations / 2]])}");
        lines.Add($"micro\t{WorkFolder.Line([batches[0]])}");
        lines.Add($"typical\t{WorkFolder.Line([batches[batches.Length / 2]])}");
        File.WriteAllLines(work.Path("terrace", posterior.Program, ".tsv"), lines);
    }

    private static BoundStanModel Bound(string text, string name, StanData data) => StanModel.Compile(text, name).Bind(data);

    private static double Compile(string text, string name, StanData data, double[] x)
    {
        var gradient = new double[x.Length];
        void ToGradient() => Bound(text, name, data).CreateEvaluator().Evaluate(x, gradient);
        double whole = CpuTime.Of(ToGradient), again = CpuTime.Of(ToGradient);
        return Math.Max(0, whole - again);
    }

    private static double[] Time(ILogDensity density, double[][] points, double[] gradient)
    {
        int calls = 1;
        double Seconds() => CpuTime.Of(() =>
        {
            for (int i = 0; i < calls; i++) foreach (double[] point in points) density.Evaluate(point, gradient);
        });
        for (double start = CpuTime.Now; CpuTime.Now - start < WarmUp;) if (Seconds() < Batch) calls *= 2;
        while (Seconds() < Batch) calls *= 2;
        return [.. Enumerable.Range(0, Batches).Select(_ => Seconds() * 1e6 / (calls * points.Length)).Order()];
    }
}
