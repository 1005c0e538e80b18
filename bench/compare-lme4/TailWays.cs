using Terrace.Design;
using Terrace.Formulas;
using Terrace.MixedModels;

namespace Terrace.CompareLme4;

/// <summary>CPU of the same fit with a dense and with a sparse tail, beside the counts that choose between them.</summary>
internal static class TailWays
{
    /// <summary>One row of a table for each way.</summary>
    public static void Table(string folder, Workload workload)
    {
        var data = workload.Read(folder);
        ModelRows rows = ModelFrame.Learn(Formula.Parse(workload.Text), data).Encode(data);
        Console.WriteLine("| tail | chosen | columns | multiplications of a factor, millions | CPU s of set-up | evaluations | CPU ms an evaluation | of the fit |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var way in (Factorisation[])[Factorisation.Dense, Factorisation.Sparse, Factorisation.Automatic])
        {
            var options = new LinearMixedModelOptions { Reml = workload.Reml, Factorisation = way };
            var phases = new FitPhases(rows, options);
            string chosen = phases.Sparse ? "sparse" : "dense";
            Console.WriteLine($"| {way} | {chosen} | {phases.TailColumns} | {phases.Multiplications / 1e6:F0} | {phases.SetUp:F3} | {phases.Evaluations} | {1000 * phases.Evaluation:F1} | {phases.Whole:F3} |");
        }
    }
}
