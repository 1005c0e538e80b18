using Terrace.SavedFits;

namespace Terrace.Cli.Printing;

/// <summary>What <c>terrace fit --engine A,B,…</c> prints: each quantity by each engine, the largest difference, the verdict.</summary>
internal static class EnginesText
{
    private const int Width = 110;

    /// <summary>Writes the comparison.</summary>
    public static void Write(TextWriter output, EngineComparison comparison, string formula, string source)
    {
        foreach (string line in Wrapping.Lines($"Formula: {formula}", Width)) output.WriteLine(line);
        output.WriteLine($"   Data: {source}");
        output.WriteLine();
        ScreenTable table = new ScreenTable().Words("quantity");
        foreach (EngineResult engine in comparison.Engines) table.Numbers(engine.Engine).Numbers(engine.IsPosterior ? "sd" : "se");
        table.Numbers("largest difference, sd");
        foreach (string name in comparison.Engines.SelectMany(engine => engine.Quantities).Select(quantity => quantity.Name).Distinct())
        {
            var cells = new List<string> { name };
            foreach (EngineResult engine in comparison.Engines)
            {
                EngineQuantity? own = engine.Quantities.FirstOrDefault(quantity => quantity.Name == name);
                cells.Add(own is null ? "" : NumberText.Significant(own.Estimate));
                cells.Add(own is null || double.IsNaN(own.Sd) ? "" : NumberText.Significant(own.Sd, 3));
            }
            double[] differences = [.. comparison.Agreement.Where(difference => difference.Quantity == name).Select(difference => Math.Abs(difference.DifferenceInSd)).Where(double.IsFinite)];
            cells.Add(differences.Length == 0 ? "" : NumberText.Fixed(differences.Max(), 2));
            table.Add([.. cells]);
        }
        table.Write(output);
        output.WriteLine();
        foreach (string line in Wrapping.Lines(comparison.Verdict, Width)) output.WriteLine(line);
    }
}
