using Terrace.Stan.Analysis;
using Terrace.Stan.Ir;

namespace Terrace.Stan.Emit.Loops;

/// <summary>The elements that a nest of loops writes: whether each is written at most once, and read only after it was written or where it is never written.</summary>
internal sealed class ElementWrites
{
    private readonly List<Write> _writes = [];
    private readonly List<(IrIndexed Read, IReadOnlyList<IrSymbol> Loops, int At)> _reads = [];
    private readonly Dictionary<IrSymbol, IrFor> _loops = [];
    private int _count;

    /// <summary>Collects the writes and reads of a nest.</summary>
    public ElementWrites(IrFor root) => Collect(root, []);

    private sealed record Write(IrSymbol Symbol, IReadOnlyList<IrExpression> Places, IReadOnlyList<IrSymbol> Loops, int At);

    /// <summary>The containers that are written.</summary>
    public IEnumerable<IrSymbol> Symbols => _writes.Select(write => write.Symbol).Distinct();

    /// <summary>Whether elements of a container are written.</summary>
    public bool Contains(IrSymbol symbol) => _writes.Any(write => ReferenceEquals(write.Symbol, symbol));

    private void Collect(IrStatement statement, IReadOnlyList<IrSymbol> loops)
    {
        int at = _count++;
        foreach (IrExpression e in IrWalk.Expressions(statement).SelectMany(IrWalk.All)) if (e is IrIndexed read) _reads.Add((read, loops, at));
        if (statement is IrAssignment { Path.Count: > 0 } s) _writes.Add(new Write(s.Symbol, [.. s.Path.SelectMany(step => step.Indexes).Select(index => index.First!)], loops, at));
        if (statement is IrFor loop)
        {
            _loops[loop.Variable] = loop;
            loops = [.. loops, loop.Variable];
        }
        foreach (IrStatement child in IrWalk.Children(statement)) Collect(child, loops);
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
    public bool AreReadAfterwards() => _reads.All(read => _writes.All(write => !ReferenceEquals(write.Symbol, ((IrVariable)read.Read.Target).Symbol) || IsSafe(read.Read, read.Loops, read.At, write)));

    private bool IsSafe(IrIndexed read, IReadOnlyList<IrSymbol> loops, int at, Write write)
    {
        bool earlier = false;
        for (int d = 0; d < write.Places.Count; d++)
        {
            IrExpression place = read.Indexes[d].First!;
            if (Apart(place, write.Places[d])) return true;
            (IrSymbol? readLoop, int readShift) = Shifted(place);
            (IrSymbol? writeLoop, int writeShift) = Shifted(write.Places[d]);
            if (readLoop is not null && ReferenceEquals(readLoop, writeLoop))
            {
                // An element of a later round would be overwritten.
                if (readShift > writeShift) return false;
                earlier |= readShift < writeShift;
                continue;
            }
            // Any element of a loop that has ended before the reading.
            if (writeLoop is not null && loops.Contains(writeLoop)) return false;
        }
        return earlier || at > write.At;
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
