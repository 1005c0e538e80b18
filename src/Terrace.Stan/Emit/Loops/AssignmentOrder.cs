using Terrace.Stan.Analysis;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Emit.Loops;

/// <summary>Where in a method each variable is declared and assigned to, in the order of the text: tells whether memory that a loop reads may still change after it.</summary>
internal sealed class AssignmentOrder
{
    private readonly Dictionary<IrStatement, (int First, int Last)> _ranges = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<IrSymbol, List<int>> _assigned = [];
    private readonly Dictionary<IrSymbol, List<int>> _read = [];
    private readonly Dictionary<IrSymbol, int> _declared = [];
    private readonly List<(int First, int Last)> _loops = [];
    private int _count;

    /// <summary>Numbers the statements of a method.</summary>
    public AssignmentOrder(IEnumerable<IrStatement> statements)
    {
        foreach (IrStatement statement in statements) Number(statement);
    }

    private void Number(IrStatement statement)
    {
        int first = _count++;
        if (statement is IrDeclaration declaration) _declared[declaration.Symbol] = first;
        if (statement is IrForEach each) _declared[each.Variable] = first;
        foreach ((IrSymbol symbol, _) in IrWalk.Assigned(statement))
        {
            if (!_assigned.TryGetValue(symbol, out List<int>? places)) _assigned[symbol] = places = [];
            places.Add(first);
        }
        foreach (IrSymbol symbol in IrWalk.Expressions(statement).SelectMany(IrWalk.Variables))
        {
            if (!_read.TryGetValue(symbol, out List<int>? places)) _read[symbol] = places = [];
            places.Add(first);
        }
        foreach (IrStatement child in IrWalk.Children(statement)) Number(child);
        _ranges[statement] = (first, _count - 1);
        if (statement is IrFor or IrForEach or IrWhile) _loops.Add((first, _count - 1));
    }

    /// <summary>Whether nothing is assigned to a variable once <paramref name="loop"/> has run: neither later in the text nor by an enclosing loop that runs again.</summary>
    public bool IsSettledAfter(IrSymbol symbol, IrStatement loop)
    {
        if (!_assigned.TryGetValue(symbol, out List<int>? places)) return true;
        (int first, int last) = _ranges[loop];
        if (places.Any(place => place > last)) return false;
        if (!_declared.TryGetValue(symbol, out int declared)) return false;
        return !_loops.Any(outer => outer.First < first && outer.Last >= last && declared < outer.First && places.Any(place => place >= outer.First));
    }

    /// <summary>Whether the loop, or what is in it, assigns to a variable that was declared before it.</summary>
    public IEnumerable<IrSymbol> AssignedFromOutside(IrStatement loop)
    {
        (int first, int last) = _ranges[loop];
        foreach ((IrSymbol symbol, List<int> places) in _assigned)
        {
            if (!places.Any(place => place >= first && place <= last)) continue;
            if (!_declared.TryGetValue(symbol, out int declared) || declared < first || declared > last) yield return symbol;
        }
    }

    /// <summary>Whether all that the method does with a local variable, its declaration apart, stands within a statement.</summary>
    public bool IsUsedOnlyWithin(IrSymbol symbol, IrStatement statement)
    {
        (int first, int last) = _ranges[statement];
        return _declared.ContainsKey(symbol) && _assigned.GetValueOrDefault(symbol, []).Concat(_read.GetValueOrDefault(symbol, [])).All(place => place >= first && place <= last);
    }

    /// <summary>How often the text assigns to a variable.</summary>
    public int Assignments(IrSymbol symbol) => _assigned.TryGetValue(symbol, out List<int>? places) ? places.Count : 0;
}
