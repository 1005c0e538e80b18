using Terrace.Stan.Ir;

namespace Terrace.Stan.Analysis;

/// <summary>Which parameters and data each variable is computed from, by all its assignments, wherever they stand.</summary>
internal sealed class ParameterDependence
{
    private readonly Dictionary<IrSymbol, HashSet<IrSymbol>> _origins = [];

    /// <summary>Follows the assignments until nothing changes.</summary>
    public ParameterDependence(IrProgram program)
    {
        List<(IrSymbol To, IrSymbol From)> edges = [];
        foreach (IrStatement s in IrWalk.Statements(program))
        {
            foreach ((IrSymbol to, _) in IrWalk.Assigned(s)) foreach (IrSymbol from in IrWalk.Expressions(s).SelectMany(IrWalk.Variables)) edges.Add((to, from));
            if (s is IrForEach each) foreach (IrSymbol from in IrWalk.Variables(each.Container)) edges.Add((each.Variable, from));
            if (s is IrUnpack unpack) foreach (IrSymbol from in IrWalk.Variables(unpack.Value)) edges.Add((unpack.Temporary, from));
        }
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach ((IrSymbol to, IrSymbol from) in edges)
            {
                if (!_origins.TryGetValue(to, out HashSet<IrSymbol>? origins)) _origins[to] = origins = [];
                if (IsOrigin(from)) changed |= origins.Add(from);
                else if (from != to && _origins.TryGetValue(from, out HashSet<IrSymbol>? more)) foreach (IrSymbol origin in more.ToArray()) changed |= origins.Add(origin);
            }
        }
    }

    private static bool IsOrigin(IrSymbol symbol) => symbol.Kind is SymbolKind.Parameter or SymbolKind.Data or SymbolKind.TransformedData;

    /// <summary>The parameters and data from which a variable comes.</summary>
    public IEnumerable<IrSymbol> Origins(IrSymbol symbol) => IsOrigin(symbol) ? [symbol] : _origins.TryGetValue(symbol, out HashSet<IrSymbol>? origins) ? origins : [];

    /// <summary>The parameters on which an expression depends.</summary>
    public HashSet<IrSymbol> Parameters(IrExpression e) => [.. IrWalk.Variables(e).SelectMany(Origins).Where(origin => origin.Kind == SymbolKind.Parameter)];

    /// <summary>Whether real data enter an expression; integers are mostly sizes and indexes.</summary>
    public bool HasData(IrExpression e) => IrWalk.Variables(e).SelectMany(Origins).Any(origin => origin.Kind != SymbolKind.Parameter && !origin.Type.IsInt);
}
