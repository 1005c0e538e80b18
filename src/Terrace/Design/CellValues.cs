using Terrace.Data;

namespace Terrace.Design;

/// <summary>The values of the model's variables in the cells, taken back out of their words.</summary>
internal sealed class CellValues
{
    private readonly CellTable _cells;
    private readonly IReadOnlyList<LevelCoder> _groupVariables;
    private readonly int _firstGroup;

    public CellValues(ModelCoding coding, RowEncoder encoder, bool hasOffset)
    {
        _cells = encoder.Cells;
        _groupVariables = encoder.GroupVariables;
        var variables = new List<VariableValues>();
        int slot = 0;
        foreach (ModelVariable variable in coding.Variables)
        {
            variables.Add(variable.IsFactor ? new VariableValues(Codes(slot), null) : new VariableValues(null, Numbers(slot, variable.Parts)));
            slot += variable.Parts;
        }
        Variables = variables;
        _firstGroup = slot;
        Offset = hasOffset ? Numbers(slot + _groupVariables.Count, 1)[0] : new double[_cells.Count];
    }

    /// <summary>The number of cells.</summary>
    public int Count => _cells.Count;

    /// <summary>The variables of fixed and random effects.</summary>
    public IReadOnlyList<VariableValues> Variables { get; }

    /// <summary>The sum of the offsets.</summary>
    public double[] Offset { get; }

    /// <summary>The level of a grouping factor in each cell, and the levels beyond the known ones.</summary>
    /// <exception cref="ModelException">A combination is new though that is refused.</exception>
    public (int[] Codes, string[] New) GroupCodes(GroupingFactor group, NewLevels policy, string source)
    {
        var levels = new CellTable(group.Variables.Length);
        var words = new ulong[group.Variables.Length];
        foreach (int[] combination in group.Combinations)
        {
            for (int i = 0; i < words.Length; i++) words[i] = (ulong)combination[i];
            levels.FindOrAdd(words);
        }
        var codes = new int[Count];
        for (int cell = 0; cell < codes.Length; cell++)
        {
            for (int i = 0; i < words.Length; i++) words[i] = _cells.Row(cell)[_firstGroup + group.Variables[i]];
            codes[cell] = levels.FindOrAdd(words);
        }
        string[] added = [.. Enumerable.Range(group.Combinations.Length, levels.Count - group.Combinations.Length).Select(level => NameOf(group, levels.Row(level)))];
        if (added.Length > 0 && (policy == NewLevels.Reject || group.IsStructured)) throw NewCombination(group, added[0], source);
        return (codes, added);
    }

    private string NameOf(GroupingFactor group, ReadOnlySpan<ulong> words)
    {
        var codes = new int[words.Length];
        for (int i = 0; i < codes.Length; i++) codes[i] = (int)words[i];
        return group.NameOf(codes, [.. _groupVariables.Select(coder => coder.Levels)]);
    }

    private ModelException NewCombination(GroupingFactor group, string name, string source)
    {
        string[] known = group.LevelNames([.. _groupVariables.Select(coder => coder.Levels)]);
        if (group.IsStructured) return new ModelException($"{source}: '{name}' is no level of {group.Name}, whose levels depend on each other.{NearestName.Hint(name, known)} Name it in the graph, the covariance or the argument 'levels' when the model is fitted.");
        return new ModelException($"{source}: the training data have no level '{name}' of the grouping factor '{group.Name}'.{NearestName.Hint(name, known)}"
            + " Allow new levels to predict for it.");
    }

    private int[] Codes(int slot)
    {
        var codes = new int[Count];
        for (int cell = 0; cell < codes.Length; cell++) codes[cell] = (int)_cells.Row(cell)[slot];
        return codes;
    }

    private double[][] Numbers(int slot, int parts)
    {
        var numbers = new double[parts][];
        for (int part = 0; part < parts; part++)
        {
            numbers[part] = new double[Count];
            for (int cell = 0; cell < Count; cell++) numbers[part][cell] = BitConverter.UInt64BitsToDouble(_cells.Row(cell)[slot + part]);
        }
        return numbers;
    }
}
