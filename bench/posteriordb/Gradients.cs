using System.Diagnostics;
using System.Globalization;
using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using Terrace.Stan;

namespace Terrace.PosteriorDb;

/// <summary>Compiles and evaluates every posterior, checks the gradient, and times both.</summary>
internal static class Gradients
{
    private const int Checked = 200;

    /// <summary>Prints the table; returns 0 if all agree.</summary>
    public static int Run(Posterior[] posteriors)
    {
        Console.WriteLine("posterior\tdimension\tcompile_ms\tgradient_us\tworst_difference");
        int good = 0, failed = 0;
        foreach (Posterior posterior in posteriors)
        {
            try
            {
                Console.WriteLine(One(posterior, out bool agrees));
                if (agrees) good++;
                else failed++;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Console.WriteLine($"{posterior.Name}\tFAILED {fault.GetType().Name}: {fault.Message.Split('\n')[0]}");
                if (Environment.GetEnvironmentVariable("VERBOSE") is not null) Console.WriteLine(fault);
                failed++;
            }
        }
        Console.WriteLine($"{good} agree, {failed} do not");
        return failed == 0 ? 0 : 1;
    }

    private static string One(Posterior posterior, out bool agrees)
    {
        StanModel model = StanModel.Compile(File.ReadAllText(posterior.ModelPath), Path.GetFileName(posterior.ModelPath));
        BoundStanModel bound = model.Bind(posterior.ReadData(), new StanRunOptions { EvaluationLimit = TimeSpan.FromSeconds(60) });
        ILogDensity density = bound.CreateEvaluator();
        int n = bound.Dimension;
        var x = new double[n];
        var gradient = new double[n];
        var value = new DensityValue(double.NaN);
        for (ulong attempt = 0; attempt < 100 && !value.IsAccepted; attempt++)
        {
            var rng = new Rng(3, attempt);
            double range = attempt < 30 ? 1 : attempt < 80 ? 4 : 0.1;
            for (int i = 0; i < n; i++) x[i] = range * (rng.NextDouble() - 0.5);
            value = density.Evaluate(x, gradient);
        }
        double compile = model.CompileSeconds * 1000;
        if (!value.IsAccepted) throw new InvalidOperationException("no starting point: " + value.Rejection?.Reason + " " + value.Rejection?.Place);
        double worst = Worst(density, x, gradient, value.Value, out int at);
        agrees = worst < 1e-4;
        density.WriteDraw(x, new Rng(1, 1), new double[bound.Layout.Count]);
        double micro = Time(density, x, gradient);
        return string.Create(CultureInfo.InvariantCulture, $"{posterior.Name}\t{n}\t{compile:0.0}\t{micro:0.00}\t{worst:0.0e+0}{(agrees || at < 0 ? "" : " at " + bound.CoordinateNames[at])}");
    }

    private static double Worst(ILogDensity density, double[] x, double[] gradient, double value, out int at)
    {
        var unused = new double[x.Length];
        double worst = 0;
        at = -1;
        int stride = Math.Max(1, x.Length / Checked);
        for (int i = 0; i < x.Length; i += stride)
        {
            double best = double.PositiveInfinity, origin = x[i];
            foreach (double step in (double[])[1e-5, 1e-4, 1e-3])
            {
                x[i] = origin + step;
                double high = density.Evaluate(x, unused).Value;
                x[i] = origin - step;
                double low = density.Evaluate(x, unused).Value;
                x[i] = origin;
                double difference = (high - low) / (2 * step);
                double scale = 1 + Math.Abs(difference) + Math.Abs(gradient[i]) + (1e-9 * Math.Abs(value) / step);
                best = Math.Min(best, Math.Abs(difference - gradient[i]) / scale);
                if (best < 1e-6) break;
            }
            if (best > worst || double.IsNaN(best))
            {
                worst = best;
                at = i;
            }
        }
        return worst;
    }

    private static double Time(ILogDensity density, double[] x, double[] gradient)
    {
        double best = double.PositiveInfinity;
        int repeats = 1;
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < 1.5)
        {
            long start = Stopwatch.GetTimestamp();
            for (int k = 0; k < repeats; k++) density.Evaluate(x, gradient);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            best = Math.Min(best, elapsed / repeats);
            // Short batches, of which the best counts, so that what else runs on the machine falls between them.
            if (elapsed < 300) repeats *= 2;
        }
        return best;
    }
}
