using Terrace.Data;

namespace Terrace.Design;

/// <summary>Finds the levels that a categorical variable has in complete rows, and puts them in the order that its type gives them.</summary>
internal sealed class LevelTally
{
    private readonly Column _header;
    private readonly LevelCoder _coder = new([]);
    private readonly List<bool> _isUsed = [];
    private string[]? _levels;
    private int[] _final = [];

    /// <summary>Creates the tally for a variable of the type of <paramref name="header"/>.</summary>
    public LevelTally(Column header) => _header = header;

    /// <summary>The levels in order, once all blocks are added.</summary>
    public IReadOnlyList<string> Levels => Sorted();

    /// <summary>Takes in a block and returns its preliminary codes.</summary>
    public int[] Add(Column column, bool[] isComplete)
    {
        int[] codes = _coder.Code(column);
        while (_isUsed.Count < _coder.Levels.Count) _isUsed.Add(false);
        for (int row = 0; row < codes.Length; row++)
            if (isComplete[row]) _isUsed[codes[row]] = true;
        return codes;
    }

    /// <summary>The levels of a factor, with those that do not occur; null of other types.</summary>
    public IReadOnlyList<string>? Declared => _header is Factor factor ? factor.Levels : null;

    /// <summary>Whether the levels are numbers.</summary>
    public bool IsNumeric => _header is NumericColumn or IntegerColumn;

    /// <summary>Adds levels that need not occur in the data; gives the preliminary code of each.</summary>
    public int[] Extend(IReadOnlyList<string> levels)
    {
        int[] codes = [.. levels.Select(_coder.CodeOf)];
        while (_isUsed.Count < _coder.Levels.Count) _isUsed.Add(false);
        foreach (int code in codes) _isUsed[code] = true;
        _levels = null;
        return codes;
    }

    /// <summary>The position in <see cref="Levels"/> of a preliminary code.</summary>
    public int FinalCode(int code)
    {
        Sorted();
        return _final[code];
    }

    private string[] Sorted()
    {
        if (_levels is not null) return _levels;
        _levels = [.. LevelCoder.InOrder(_header, _coder.Levels.Where((_, code) => _isUsed[code]))];
        Dictionary<string, int> position = LevelOrder.Codes(_levels, _header.Name);
        _final = [.. _coder.Levels.Select(level => position.GetValueOrDefault(level, -1))];
        return _levels;
    }
}
