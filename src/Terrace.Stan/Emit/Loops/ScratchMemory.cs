using Terrace.Stan.Analysis;
using Terrace.Stan.Ir;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit.Loops;

/// <summary>
/// Small containers that a nest of loops fills anew in every round before it reads them, as the terms of a mixture: one loop writes all elements in order, what follows it reads them, and nothing outside the nest does.
/// Their memory is taken once for the nest, and each round of the backward code finds what its own forward code wrote.
/// </summary>
internal sealed class ScratchMemory
{
    private readonly Dictionary<IrSymbol, IrFor> _fills = [];
    private readonly Dictionary<IrFor, HashSet<IrSymbol>> _read = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the containers of a nest.</summary>
    public ScratchMemory(IrFor root, AssignmentOrder order)
    {
        List<IrAssignment> writes = [.. IrWalk.All(root).OfType<IrAssignment>().Where(s => s.Path.Count > 0)];
        foreach (IGrouping<IrSymbol, IrAssignment> group in writes.GroupBy(write => write.Symbol))
        {
            IrSymbol symbol = group.Key;
            if (symbol.Kind != SymbolKind.Local || symbol.Type.IndexCount != 1 || symbol.Type.Base is BaseType.Int or BaseType.Tuple || symbol.Definition is not null) continue;
            if (group.Count() != 1 || !order.IsUsedOnlyWithin(symbol, root)) continue;
            if (Fill(root, group.Single()) is not { } fill) continue;
            bool? written = Visit(root.Body, symbol, fill, false);
            if (written is not null) _fills[symbol] = fill;
        }
    }

    /// <summary>The containers.</summary>
    public IEnumerable<IrSymbol> Symbols => _fills.Keys;

    /// <summary>Whether a container is one of them.</summary>
    public bool Contains(IrSymbol symbol) => _fills.ContainsKey(symbol);

    /// <summary>Whether a loop is the one that fills a container.</summary>
    public bool IsFill(IrFor loop) => _fills.Values.Any(fill => ReferenceEquals(fill, loop));

    /// <summary>Whether a container that is filled within a loop is read after it.</summary>
    public bool Outlives(IrFor loop) => IrWalk.All(loop).Any(s => s is IrFor inner && _fills.Any(pair => ReferenceEquals(pair.Value, inner) && !_read.GetValueOrDefault(loop, []).Contains(pair.Key)));

    /// <summary>The loop around a write, if it runs over all elements and writes each without a condition.</summary>
    private static IrFor? Fill(IrFor root, IrAssignment write)
    {
        List<IrIndex> indexes = [.. write.Path.SelectMany(step => step.Indexes)];
        if (indexes is not [{ Kind: IndexKind.Single, First: IrVariable { Symbol.Kind: SymbolKind.Loop } index }]) return null;
        foreach (IrFor loop in IrWalk.All(root).OfType<IrFor>())
        {
            if (!ReferenceEquals(loop.Variable, index.Symbol) || ReferenceEquals(loop, root) || loop.Lower is not IrInteger { Value: 1 } || !Unconditional(loop.Body).Any(s => ReferenceEquals(s, write))) continue;
            return write.Symbol.Sizes is [var size] && Same(size, loop.Upper) ? loop : null;
        }
        return null;
    }

    private static IEnumerable<IrStatement> Unconditional(IrStatement s) => s is IrBlock block ? block.Statements.SelectMany(Unconditional) : [s];

    private static bool Same(IrExpression a, IrExpression b) => (a, b) switch
    {
        (IrInteger x, IrInteger y) => x.Value == y.Value,
        (IrVariable x, IrVariable y) => ReferenceEquals(x.Symbol, y.Symbol) && x.Symbol.Kind is SymbolKind.Data or SymbolKind.TransformedData,
        _ => false,
    };

    /// <summary>Whether the container is filled after a statement, given whether it is before; null when it may be read before it is filled.</summary>
    private bool? Visit(IrStatement statement, IrSymbol symbol, IrFor fill, bool written)
    {
        if (Reads(statement, symbol) && !written) return null;
        switch (statement)
        {
            case IrBlock s:
                bool? now = written;
                foreach (IrStatement inner in s.Statements)
                {
                    now = Visit(inner, symbol, fill, now.Value);
                    if (now is null) return null;
                }
                return now;
            case IrIf s:
                bool? then = Visit(s.Then, symbol, fill, written), otherwise = s.Else is null ? written : Visit(s.Else, symbol, fill, written);
                return then is null || otherwise is null ? null : then.Value && otherwise.Value;
            case IrFor s when ReferenceEquals(s, fill): return IrWalk.All(s.Body).Any(inner => Reads(inner, symbol)) ? null : true;
            case IrFor s:
                if (Visit(s.Body, symbol, fill, written) is null) return null;
                if (IrWalk.All(s.Body).Any(inner => Reads(inner, symbol)) && IrWalk.All(s.Body).Any(inner => ReferenceEquals(inner, fill)))
                {
                    if (!_read.TryGetValue(s, out HashSet<IrSymbol>? symbols)) _read[s] = symbols = [];
                    symbols.Add(symbol);
                }
                return written;
            default: return written;
        }
    }

    private static bool Reads(IrStatement statement, IrSymbol symbol) => IrWalk.Expressions(statement).SelectMany(IrWalk.Variables).Any(read => ReferenceEquals(read, symbol));
}
