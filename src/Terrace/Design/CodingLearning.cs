using Terrace.Data;
using Terrace.Design.Structures;
using Terrace.Design.Terms;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>Learns, block by block, which levels the factors of a model have in the rows without missing values, and which combinations the grouping factors.</summary>
internal sealed class CodingLearning
{
    private readonly BlockValues _header;
    private readonly LevelTally?[] _variables;
    private readonly LevelTally[] _groupVariables;
    private readonly LevelTally? _response;
    private readonly (string Name, int[] Variables, StructureCall? Structure)[] _groups;
    private readonly CellTable[] _combinations;

    /// <summary>Prepares to learn; <paramref name="header"/> is the block without rows, which tells the types.</summary>
    public CodingLearning(Formula formula, RowExpressions expressions, BlockValues header)
    {
        _header = header;
        _variables = Array.ConvertAll(header.Variables, column => IsCategorical(column) ? new LevelTally(column) : null);
        _groupVariables = Array.ConvertAll(header.GroupVariables, column => new LevelTally(column));
        _response = header.Response.Length == 1 && IsCategorical(header.Response[0]) && header.Response[0] is not LogicalColumn ? new LevelTally(header.Response[0]) : null;
        Expression[] all = [.. expressions.GroupVariables];
        _groups = [.. formula.RandomTerms.DistinctBy(term => term.GroupName)
            .Select(term => (term.GroupName, term.GroupFactors.Select(factor => Array.IndexOf(all, factor)).ToArray(), term.Structure))];
        _combinations = Array.ConvertAll(_groups, group => new CellTable(group.Variables.Length));
    }

    /// <summary>How many rows without missing values there were.</summary>
    public long CompleteRows { get; private set; }

    /// <summary>Takes in a block.</summary>
    public void Add(BlockValues block)
    {
        CompleteRows += block.IsComplete.Count(complete => complete);
        for (int v = 0; v < _variables.Length; v++) _variables[v]?.Add(block.Variables[v], block.IsComplete);
        _response?.Add(block.Response[0], block.IsComplete);
        int[][] codes = [.. _groupVariables.Select((tally, v) => tally.Add(block.GroupVariables[v], block.IsComplete))];
        for (int g = 0; g < _groups.Length; g++) AddCombinations(_combinations[g], [.. _groups[g].Variables.Select(v => codes[v])], block.IsComplete);
    }

    /// <summary>What was learned.</summary>
    /// <exception cref="ModelException">A structure lacks a level of the data.</exception>
    public ModelCoding Finish(Formula formula, ModelFrameOptions options, RowExpressions expressions, LearnedCalls learned)
    {
        IReadOnlyList<string>[] observed = [.. _groupVariables.Select(tally => tally.Levels)];
        (LevelStructure Structure, int[] Codes)?[] structures = [.. _groups.Select(group => Structured(group.Structure, group.Variables[0], observed))];
        return Coding(formula, options, expressions, learned, structures);
    }

    private (LevelStructure, int[])? Structured(StructureCall? call, int variable, IReadOnlyList<string>[] observed)
    {
        if (call is null) return null;
        LevelTally tally = _groupVariables[variable];
        LevelStructure structure = StructureLearning.Of(call, tally.Declared, observed[variable], tally.IsNumeric);
        return (structure, tally.Extend(structure.Levels));
    }

    private ModelCoding Coding(Formula formula, ModelFrameOptions options, RowExpressions expressions, LearnedCalls learned, (LevelStructure Structure, int[] Codes)?[] structures) => new()
    {
        Formula = formula,
        Options = options,
        Learned = learned,
        Variables = [.. expressions.Variables.Select((expression, v) => new ModelVariable
        {
            Expression = expression,
            Levels = _header.Variables[v] is LogicalColumn ? ["FALSE", "TRUE"] : _variables[v]?.Levels,
            IsOrdered = _header.Variables[v] is Factor { IsOrdered: true },
            Parts = _header.Variables[v] is MatrixColumn matrix ? matrix.Parts.Length : 1,
        })],
        GroupVariableLevels = [.. _groupVariables.Select(tally => tally.Levels)],
        Groups = [.. _groups.Select((group, g) => structures[g] is { } structured
            ? new GroupingFactor(group.Name, group.Variables, [.. structured.Codes.Select(code => new[] { _groupVariables[group.Variables[0]].FinalCode(code) })], structured.Structure)
            : new GroupingFactor(group.Name, group.Variables, Combinations(g)))],
        ResponseKind = Kind(),
        ResponseIsOrdered = _header.Response is [Factor { IsOrdered: true }],
        ResponseLevels = _response?.Levels,
    };

    private static bool IsCategorical(Column column) => column is TextColumn or Factor or LogicalColumn;

    private ResponseKind? Kind() => _header.Response switch
    {
        [] => null,
        [_, _] => ResponseKind.SuccessesAndFailures,
        [LogicalColumn] => ResponseKind.Logical,
        [MatrixColumn matrix] => throw new ModelException($"The response '{matrix.Name}' has several columns; of these only cbind(successes, failures) can be a response."),
        _ => _response is null ? ResponseKind.Numeric : ResponseKind.Categorical,
    };

    private static void AddCombinations(CellTable table, int[][] codes, bool[] isComplete)
    {
        Span<ulong> words = stackalloc ulong[codes.Length];
        for (int row = 0; row < isComplete.Length; row++)
        {
            if (!isComplete[row]) continue;
            for (int i = 0; i < codes.Length; i++) words[i] = (ulong)codes[i][row];
            table.FindOrAdd(words);
        }
    }

    private int[][] Combinations(int g)
    {
        CellTable table = _combinations[g];
        int[] variables = _groups[g].Variables;
        var combinations = new int[table.Count][];
        for (int level = 0; level < combinations.Length; level++)
        {
            combinations[level] = new int[variables.Length];
            for (int i = 0; i < variables.Length; i++) combinations[level][i] = _groupVariables[variables[i]].FinalCode((int)table.Row(level)[i]);
        }
        Array.Sort(combinations, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return combinations;
    }
}
