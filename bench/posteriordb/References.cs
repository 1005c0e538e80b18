using System.Globalization;
using Terrace.Inference.Diagnostics;
using Terrace.Inference.Sampling;
using Terrace.Stan;

namespace Terrace.PosteriorDb;

/// <summary>Samples every posterior that has reference draws and compares means and standard deviations.</summary>
internal static class References
{
    /// <summary>Prints a line a posterior and the totals.</summary>
    public static int Run(Posterior[] posteriors)
    {
        int compared = 0, beyond3 = 0, beyond4 = 0, failed = 0;
        Console.WriteLine("posterior\tparameters\tworst_z\tat\tdivergent\trhat\tseconds");
        foreach (Posterior posterior in posteriors.Where(posterior => posterior.ReferencePath is not null && File.Exists(posterior.ReferencePath)))
        {
            try
            {
                (int n, int three, int four, string line) = One(posterior);
                compared += n;
                beyond3 += three;
                beyond4 += four;
                Console.WriteLine(line);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                failed++;
                Console.WriteLine($"{posterior.Name}\tFAILED {fault.GetType().Name}: {fault.Message.Split('\n')[0]}");
            }
        }
        Console.WriteLine($"{compared} comparisons, {beyond3} beyond 3 combined MCSE, {beyond4} beyond 4; {failed} posteriors failed");
        return beyond4 == 0 && failed == 0 ? 0 : 1;
    }

    private static (int Compared, int Beyond3, int Beyond4, string Line) One(Posterior posterior)
    {
        StanModel model = StanModel.Compile(File.ReadAllText(posterior.ModelPath), Path.GetFileName(posterior.ModelPath));
        BoundStanModel bound = model.Bind(posterior.ReadData());
        SamplingResult result = Sampler.Run(bound, new NutsOptions { Seed = 20261127, Warmup = 1000, Iterations = 2500, AdaptDelta = 0.95 });
        Dictionary<string, double[][]> reference = posterior.ReadReference();
        int three = 0, four = 0, n = 0;
        double worst = 0, rhat = 1;
        string at = "";
        foreach ((string name, double[][] chains) in reference)
        {
            int column = bound.Layout.IndexOf(name);
            if (column < 0) continue;
            double[] own = result.Draws.Column(column).ToArray(), theirs = [.. chains.SelectMany(chain => chain)];
            rhat = Math.Max(rhat, VariableSummary.Of(name, own, result.Draws.Chains).Rhat);
            foreach ((string kind, double z) in ((string, double)[])[("mean", Mean(own, result.Draws.Chains, theirs, chains.Length)), ("sd", Sd(own, result.Draws.Chains, theirs, chains.Length))])
            {
                n++;
                if (Math.Abs(z) > 3) three++;
                if (Math.Abs(z) > 4) four++;
                if (Math.Abs(z) <= Math.Abs(worst)) continue;
                worst = z;
                at = kind + " " + name;
            }
        }
        int divergent = result.Statistics.Divergent.Count(x => x);
        return (n, three, four, string.Create(CultureInfo.InvariantCulture, $"{posterior.Name}\t{n / 2}\t{worst:0.00}\t{at}\t{divergent}\t{rhat:0.000}\t{result.WarmupSeconds + result.SamplingSeconds:0.0}"));
    }

    private static double Mean(double[] a, int chainsA, double[] b, int chainsB)
    {
        VariableSummary x = VariableSummary.Of("a", a, chainsA), y = VariableSummary.Of("b", b, chainsB);
        double error = Math.Sqrt((x.Mcse * x.Mcse) + (y.Mcse * y.Mcse));
        return error == 0 ? 0 : (x.Mean - y.Mean) / error;
    }

    /// <summary>The difference of the sds by the error of the mean squared deviation (delta method).</summary>
    private static double Sd(double[] a, int chainsA, double[] b, int chainsB)
    {
        (double x, double ex) = SdWithError(a, chainsA);
        (double y, double ey) = SdWithError(b, chainsB);
        double error = Math.Sqrt((ex * ex) + (ey * ey));
        return error == 0 ? 0 : (x - y) / error;
    }

    private static (double Sd, double Error) SdWithError(double[] draws, int chains)
    {
        double mean = draws.Average();
        double[] squares = [.. draws.Select(x => (x - mean) * (x - mean))];
        VariableSummary summary = VariableSummary.Of("s", squares, chains);
        double sd = Math.Sqrt(summary.Mean);
        return (sd, sd == 0 ? 0 : summary.Mcse / (2 * sd));
    }
}
