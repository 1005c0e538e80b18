using Terrace.Stan.Ir;

namespace Terrace.Stan.Lowering;

/// <summary>The names that can be seen, innermost first.</summary>
internal sealed class Scope
{
    private readonly List<Dictionary<string, IrSymbol>> _levels = [[]];

    /// <summary>Opens a level.</summary>
    public void Open() => _levels.Add([]);

    /// <summary>Closes the innermost level.</summary>
    public void Close() => _levels.RemoveAt(_levels.Count - 1);

    /// <summary>The variable of a name, or null.</summary>
    public IrSymbol? Find(string name)
    {
        for (int i = _levels.Count - 1; i >= 0; i--) if (_levels[i].TryGetValue(name, out IrSymbol? symbol)) return symbol;
        return null;
    }

    /// <summary>Adds a variable to the innermost level.</summary>
    public void Add(IrSymbol symbol) => _levels[^1][symbol.Name] = symbol;

    /// <summary>All names that can be seen.</summary>
    public IEnumerable<string> Names => _levels.SelectMany(level => level.Keys);
}

/// <summary>The blocks of a program, as rules about them name them.</summary>
internal enum ProgramBlock
{
    /// <summary><c>functions</c>.</summary>
    Functions,

    /// <summary><c>data</c>.</summary>
    Data,

    /// <summary><c>transformed data</c>.</summary>
    TransformedData,

    /// <summary><c>parameters</c>.</summary>
    Parameters,

    /// <summary><c>transformed parameters</c>.</summary>
    TransformedParameters,

    /// <summary><c>model</c>.</summary>
    Model,

    /// <summary><c>generated quantities</c>.</summary>
    GeneratedQuantities,
}
