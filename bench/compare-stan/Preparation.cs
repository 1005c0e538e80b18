using System.IO.Compression;
using System.Text.Json;
using Terrace.Inference.LogDensities;
using Terrace.Numerics.RandomNumbers;
using Terrace.PosteriorDb;
using Terrace.Stan;
using Terrace.Stan.Diagnostics;
using Terrace.Stan.Formatting;

namespace Terrace.CompareStan;

/// <summary>Writes what both sides need: programs, data and points.</summary>
internal static class Preparation
{
    private const int Points = 3;

    /// <summary>Prepares every program; says what cannot be.</summary>
    public static void Run(Posterior[] posteriors, WorkFolder work)
    {
        foreach (Posterior posterior in posteriors)
        {
            string program = posterior.Program;
            try
            {
                File.WriteAllText(work.Path("programs", program, ".stan"), StanFormatter.Format(File.ReadAllText(posterior.ModelPath), program, StanSyntaxVersion.Stan221));
                File.Delete(work.Path("rstan", program, ".refused"));
                if (!File.Exists(posterior.DataPath))
                {
                    Refuse(program, "its data are not in the checkout", work);
                    continue;
                }
                using ZipArchive archive = ZipFile.OpenRead(posterior.DataPath);
                using JsonDocument data = JsonDocument.Parse(archive.Entries[0].Open());
                using var writer = new StreamWriter(work.Path("data", program, ".R"));
                RDump.Write(data.RootElement, writer);
                File.WriteAllLines(work.Path("points", program, ".tsv"), FindPoints(posterior).Select(WorkFolder.Line));
            }
            catch (StanProgramException fault)
            {
                Refuse(program, fault.Diagnostics[0].Message, work);
            }
            catch (StanRunException fault)
            {
                Refuse(program, fault.Message, work);
            }
        }
    }

    private static void Refuse(string program, string why, WorkFolder work)
    {
        File.WriteAllText(work.Path("rstan", program, ".refused"), why);
        Console.WriteLine($"{program}: {why}");
    }

    /// <summary>Points where the density is finite, from the cube of side 1 on the unconstrained scale; from a wider or narrower one if the model rejects those.</summary>
    private static List<double[]> FindPoints(Posterior posterior)
    {
        BoundStanModel bound = StanModel.Compile(File.ReadAllText(posterior.ModelPath), posterior.Program).Bind(posterior.ReadData(), new StanRunOptions { EvaluationLimit = TimeSpan.FromSeconds(60) });
        ILogDensity density = bound.CreateEvaluator();
        var gradient = new double[bound.Dimension];
        List<double[]> points = [];
        for (ulong attempt = 0; attempt < 300 && points.Count < Points; attempt++)
        {
            var rng = new Rng(3, attempt);
            double range = attempt < 100 ? 1 : attempt < 200 ? 4 : 0.1;
            double[] x = [.. Enumerable.Range(0, bound.Dimension).Select(_ => range * (rng.NextDouble() - 0.5))];
            if (density.Evaluate(x, gradient).IsAccepted) points.Add(x);
        }
        return points;
    }
}
