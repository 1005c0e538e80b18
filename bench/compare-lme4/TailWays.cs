using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;
using Terrace.MixedModels;
using Terrace.Numerics.RandomNumbers;

namespace Terrace.CompareLme4;

/// <summary>CPU of the same fit with a dense and with a sparse tail, beside the counts that choose between them.</summary>
internal static class TailWays
{
    /// <summary>InstEval, and twice its rows with other lecturers in the second half; dense and sparse twice: what differs between two rows of one way is the noise of the measurement.</summary>
    public static void Table(string folder)
    {
        Workload workload = Workload.All.First(w => w.Name == "insteval");
        Frame once = workload.Read(folder);
        Console.WriteLine("| rows | tail | multiplications of a factor, millions | CPU s of set-up | evaluations | CPU ms an evaluation | CPU s of the fit |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (Frame data in (Frame[])[once, Growth.Copies(once, 2, others: true, new Rng(17, 2))])
        {
            ModelRows rows = ModelFrame.Learn(Formula.Parse(workload.Text), data).Encode(data);
            foreach (var way in (Factorisation[])[Factorisation.Automatic, Factorisation.Dense, Factorisation.Sparse, Factorisation.Dense, Factorisation.Sparse])
            {
                var phases = new FitPhases(rows, new LinearMixedModelOptions { Reml = false, Factorisation = way });
                string name = way == Factorisation.Automatic ? $"automatic: {(phases.Sparse ? "sparse" : "dense")}" : phases.Sparse ? "sparse" : "dense";
                Console.WriteLine($"| {rows.Rows} | {name} | {phases.Multiplications / 1e6:F0} | {phases.SetUp:F3} | {phases.Evaluations} | {1000 * phases.Evaluation:F1} | {phases.Whole:F3} |");
            }
        }
    }
}
