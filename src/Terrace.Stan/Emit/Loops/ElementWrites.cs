using Terrace.Stan.Analysis;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Emit.Loops;

/// <summary>The elements that a nest of loops writes: whether each is written at most once, and read only after it was written or where it is never written.</summary>
internal sealed class ElementWrites
{
    private readonly List<Write> _writes = [];
    private readonly List<(IrSymbol Symbol, IReadOnlyList<IrIndex> Places, IReadOnlyList<IrSymbol> Loops, int At)> _reads = [];
    private readonly Dictionary<IrSymbol, IrFor> _loops = [];
    private readonly ScratchMemory _scratch;
    private int _count;

    /// <summary>Collects the writes and reads of a nest.</summary>
    public ElementWrites(IrFor root, ScratchMemory scratch)
    {
        _scratch = scratch;
        Collect(root, []);
    }

    private sealed record Write(IrSymbol Symbol, IReadOnlyList<IrExpression> Places, IReadOnlyList<IrSymbol> Loops, int At);

    /// <summary>Whether elements of a container are written.</summary>
    public bool Contains(IrSymbol symbol) => _writes.Any(write => ReferenceEquals(write.Symbol, symbol));

    private void Collect(IrStatement statement, IReadOnlyList<IrSymbol> loops)
    {
        int at = _count++;
        foreach (IrExpression e in IrWalk.Expressions(statement).SelectMany(IrWalk.All)) AddRead(e, loops, at);
        if (statement is IrAssignment { Path.Count: > 0 } s && !_scratch.Contains(s.Symbol)) _writes.Add(new Write(s.Symbol, [.. s.Path.SelectMany(step => step.Indexes).Select(index => index.First!)], loops, at));
        if (statement is IrFor loop)
        {
            _loops[loop.Variable] = loop;
            loops = [.. loops, loop.Variable];
        }
        foreach (IrStatement child in IrWalk.Children(statement)) Collect(child, loops);
    }

    private void AddRead(IrExpression e, IReadOnlyList<IrSymbol> loops, int at)
    {
        if (e is IrIndexed { Target: IrVariable container } indexed) _reads.Add((container.Symbol, indexed.Indexes, loops, at));
        if (e is not IrBuiltinCall call || !ScalarLoopShape.IsReduction(call)) return;
        foreach (IrVariable whole in call.Arguments.OfType<IrVariable>()) _reads.Add((whole.Symbol, [], loops, at));
    }

    /// <summary>Whether each element is written at most once: every loop around the write shows in its place, and two writes to one container never meet.</summary>
    public bool AreSingle
    {
        get
        {
            foreach (Write write in _writes)
                if (!write.Loops.All(loop => write.Places.Any(place => ReferenceEquals(Moves(place), loop)))) return false;
            for (int a = 0; a < _writes.Count; a++)
                for (int b = a + 1; b < _writes.Count; b++)
                    if (ReferenceEquals(_writes[a].Symbol, _writes[b].Symbol) && !Enumerable.Range(0, _writes[a].Places.Count).Any(d => Apart(_writes[a].Places[d], _writes[b].Places[d]))) return false;
            return true;
        }
    }

    /// <summary>Whether no round reads an element that the same or a later round overwrites.</summary>
    public bool AreReadAfterwards() => _reads.All(read => _writes.All(write => !ReferenceEquals(write.Symbol, read.Symbol) || IsSafe(read.Places, read.Loops, read.At, write)));

    private bool IsSafe(IReadOnlyList<IrIndex> read, IReadOnlyList<IrSymbol> loops, int at, Write write)
    {
        // A sum over a part reads all places of the last dimension: it has no index there.
        for (int d = 0; d < read.Count; d++) if (Apart(read[d].First!, write.Places[d])) return true;
        foreach (IrSymbol loop in write.Loops)
        {
            int d = Enumerable.Range(0, write.Places.Count).First(k => ReferenceEquals(Moves(write.Places[k]), loop));
            (IrSymbol? moves, int shift) = d < read.Count ? Shifted(read[d].First!) : (null, 0);
            if (ReferenceEquals(moves, loop))
            {
                int ahead = shift - Shifted(write.Places[d]).Shift;
                // An element of an earlier round is complete; one of a later round would be overwritten.
                if (ahead != 0) return ahead < 0;
            }
            else if (loops.Contains(loop))
            {
                return false;
            }
        }
        return at > write.At;
    }

    private static IrSymbol? Moves(IrExpression place) => Shifted(place).Loop;

    /// <summary>A place of the form loop variable ± constant; the variable is null where it is of another form.</summary>
    private static (IrSymbol? Loop, int Shift) Shifted(IrExpression place) => place switch
    {
        IrVariable { Symbol.Kind: SymbolKind.Loop } v => (v.Symbol, 0),
        IrOperator { Sign: "+", Operands: [IrVariable { Symbol.Kind: SymbolKind.Loop } v, IrInteger k] } => (v.Symbol, k.Value),
        IrOperator { Sign: "+", Operands: [IrInteger k, IrVariable { Symbol.Kind: SymbolKind.Loop } v] } => (v.Symbol, k.Value),
        IrOperator { Sign: "-", Operands: [IrVariable { Symbol.Kind: SymbolKind.Loop } v, IrInteger k] } => (v.Symbol, -k.Value),
        _ => (null, 0),
    };

    /// <summary>Whether two places can never be the same: two constants, or a constant below where the other's loop begins.</summary>
    private bool Apart(IrExpression a, IrExpression b)
    {
        if (a is IrInteger x && b is IrInteger y) return x.Value != y.Value;
        return Below(a, b) || Below(b, a);
    }

    private bool Below(IrExpression constant, IrExpression moving)
    {
        if (constant is not IrInteger k) return false;
        (IrSymbol? loop, int shift) = Shifted(moving);
        return loop is not null && _loops.TryGetValue(loop, out IrFor? statement) && statement.Lower is IrInteger from && k.Value < from.Value + shift;
    }
}
