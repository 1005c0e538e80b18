using System.Globalization;
using Terrace.Data;
using Terrace.Formulas;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design.Structures;

/// <summary>Learns a structure from its call in the formula and the levels that the data have: the levels of walks from the data or the call, of graphs and covariances from their file.</summary>
internal static class StructureLearning
{
    private const int MostLevels = 2000;

    /// <summary>The structure of a grouping factor whose variable has the levels <paramref name="observed"/>, in the order of its type, of those <paramref name="declared"/> where it is a factor.</summary>
    /// <exception cref="ModelException">The data have a level that the structure lacks, or there are too few or too many levels.</exception>
    /// <exception cref="DataException">The file is at fault.</exception>
    public static LevelStructure Of(StructureCall call, IReadOnlyList<string>? declared, IReadOnlyList<string> observed, bool isNumeric)
    {
        LevelStructure structure = call.Kind switch
        {
            StructureKind.Bym2 => OfGraph(SpatialGraph.Read(call.File!)),
            StructureKind.Covariance => OfCovariance(call.File!),
            _ => OfSequence(call, call.Levels ?? (isNumeric ? Steps(call, observed) : declared ?? observed)),
        };
        Require(call, structure.Levels, observed);
        return structure;
    }

    private static LevelStructure OfGraph(SpatialGraph graph) => new(StructureKind.Bym2, graph.Areas, graph.Basis());

    private static LevelStructure OfCovariance(string file)
    {
        (IReadOnlyList<string> levels, Matrix basis) = GivenCovariance.Read(file);
        return new LevelStructure(StructureKind.Covariance, levels, basis);
    }

    private static LevelStructure OfSequence(StructureCall call, IReadOnlyList<string> levels)
    {
        int order = call.Kind == StructureKind.RandomWalk2 ? 2 : 1;
        if (levels.Distinct().Count() < levels.Count) throw call.Call.Place.Fault("A level is named twice in 'levels'.");
        if (levels.Count < order + 1) throw call.Call.Place.Fault($"{call.Name} needs at least {order + 1} levels; there {(levels.Count == 1 ? "is" : "are")} {levels.Count}.");
        if (levels.Count > MostLevels) throw call.Call.Place.Fault($"{call.Name} has {levels.Count} levels, more than {MostLevels}; round the variable or cut it into classes.");
        return new LevelStructure(call.Kind, levels, call.Kind == StructureKind.Autoregressive ? null : RandomWalk.Basis(levels.Count, order, call.Scaled));
    }

    /// <summary>Numbers at equal distances from the smallest to the largest observed one, so that a year without data has its place; the step is the largest that meets every number.</summary>
    private static string[] Steps(StructureCall call, IReadOnlyList<string> observed)
    {
        decimal[] values = [.. observed.Select(level => decimal.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : throw Uneven(call))];
        if (values.Length < 2) return [.. observed];
        decimal step = 0;
        foreach (decimal value in values.Skip(1)) step = Divisor(step, value - values[0]);
        decimal count = (values[^1] - values[0]) / step + 1;
        if (count > MostLevels) throw Uneven(call);
        return [.. Enumerable.Range(0, (int)count).Select(i => (values[0] + i * step).ToString("0.############################", CultureInfo.InvariantCulture))];
    }

    private static decimal Divisor(decimal a, decimal b) => b == 0 ? a : Divisor(b, a % b);

    private static FormulaException Uneven(StructureCall call) =>
        call.Call.Place.Fault($"The values of '{call.Variable}' lie at no equal steps of which there are at most {MostLevels}; round them, or give the levels in order: {call.Call.Function}({call.Variable}, levels = c(1, 2, 5)).");

    private static void Require(StructureCall call, IReadOnlyList<string> levels, IReadOnlyList<string> observed)
    {
        var known = levels.ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. observed.Where(level => !known.Contains(level))];
        if (missing.Length == 0) return;
        string where = call.File is { } file ? $"'{file}'" : "the argument 'levels'";
        throw new ModelException($"{call.Name}: the data have the level{(missing.Length == 1 ? "" : "s")} {string.Join(", ", missing.Take(5).Select(level => $"'{level}'"))}{(missing.Length > 5 ? ", …" : "")} of '{call.Variable}', but {where} does not name {(missing.Length == 1 ? "it" : "them")}."
            + NearestName.Hint(missing[0], levels));
    }
}
