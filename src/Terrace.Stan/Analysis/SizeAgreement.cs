using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;
using Terrace.Stan.Types;

namespace Terrace.Stan.Analysis;

/// <summary>
/// Compares the sizes of what is combined and assigned: sizes that differ by a number can never agree, sizes of different names agree only for some data. What cannot be told from the declarations stays silent.
/// </summary>
internal sealed class SizeAgreement
{
    private readonly IrProgram _program;
    private readonly DiagnosticBag _diagnostics;
    private readonly ExpressionShape _shapes;
    private readonly HashSet<Span> _told = [];
    private Span _statement;
    private bool _toldHere;

    private SizeAgreement(IrProgram program, DiagnosticBag diagnostics)
    {
        _program = program;
        _diagnostics = diagnostics;
        _shapes = new ExpressionShape((whole, a, b) => Compare(whole.Span, a, b, false));
    }

    /// <summary>Checks all statements.</summary>
    public static void Check(IrProgram program, DiagnosticBag diagnostics)
    {
        var check = new SizeAgreement(program, diagnostics);
        foreach (IrStatement s in IrWalk.StatementsAndFunctions(program)) check.Statement(s);
    }

    private void Statement(IrStatement s)
    {
        _statement = s.Span;
        _toldHere = false;
        switch (s)
        {
            case IrDeclaration { Value: { } value } x:
                Assignment(x.Symbol.Name, ExpressionShape.Declared(x.Symbol), value, x.Symbol.Span);
                break;
            case IrAssignment { Path.Count: 0 } x:
                Assignment(x.Symbol.Name, ExpressionShape.Declared(x.Symbol), x.Value, x.Span);
                break;
            case IrAssignment { Path: [{ TupleElement: < 0 } step] } x:
                Assignment($"{x.Symbol.Name}[…]", _shapes.Part(ExpressionShape.Declared(x.Symbol), step.Indexes, x.Value.Type), x.Value, x.Span);
                break;
            default:
                foreach (IrExpression e in IrWalk.Expressions(s)) _shapes.Of(e);
                break;
        }
    }

    private void Assignment(string name, IReadOnlyList<SymbolicSize?>? declared, IrExpression value, Span at)
    {
        IReadOnlyList<SymbolicSize?>? given = _shapes.Of(value);
        if (declared is null || given is null || declared.Count != given.Count) return;
        for (int i = 0; i < given.Count; i++) Compare(value.Span, (value, given[i]), (value, declared[i]), true, name);
    }

    private void Compare(Span place, (IrExpression Part, SymbolicSize? Size) a, (IrExpression Part, SymbolicSize? Size) b, bool assigned, string? name = null)
    {
        if (_toldHere || a.Size is null || b.Size is null) return;
        SymbolicSize difference = a.Size.Plus(b.Size, -1);
        if (difference.Number == 0 || difference.IsPassing || !_told.Add(place)) return;
        _toldHere = true;
        string first = Short(a.Part), second = assigned ? name! : Short(b.Part);
        string what = assigned
            ? $"`{second}` has the size {b.Size}, and what is assigned to it the size {a.Size}"
            : $"the sizes of `{first}` and `{second}` have to agree, and are {a.Size} and {b.Size}";
        if (difference.Number is not null)
        {
            _diagnostics.Error("size-mismatch", what, place, a.Size.Number is not null ? null : "they differ whatever the data are");
            return;
        }
        string hint = $"they agree only if {a.Size} = {b.Size}";
        if (!assigned && Lookup(a, b) is { } index) hint += $"; did you mean `{index}`?";
        _diagnostics.Warn("size-agreement", what, place, hint);
    }

    /// <summary>Where a vector of groups meets one of observations, the group of each observation is probably in the data: an array of integers as long as the observations.</summary>
    private string? Lookup((IrExpression Part, SymbolicSize? Size) a, (IrExpression Part, SymbolicSize? Size) b)
    {
        return From(a, b) ?? From(b, a);

        string? From((IrExpression Part, SymbolicSize? Size) groups, (IrExpression Part, SymbolicSize? Size) observations)
        {
            if (groups.Part is not IrVariable { Symbol: { Kind: not SymbolKind.Data } symbol } || symbol.Type.IndexCount != 1) return null;
            IrSymbol? fallback = null;
            foreach (IrSymbol candidate in _program.Data)
            {
                if (candidate.Type is not { Base: BaseType.Int, Depth: 1 } || SymbolicSize.From(candidate.Sizes[0]) is not { } size || size.Plus(observations.Size!, -1).Number != 0) continue;
                IrExpression? upper = candidate.Constraint.Second;
                if (upper is not null && SymbolicSize.From(upper) is { } last && last.Plus(groups.Size!, -1).Number == 0) return $"{symbol.Name}[{candidate.Name}]";
                if (upper is null && candidate.Constraint.First is IrInteger { Value: 1 }) fallback ??= candidate;
            }
            return fallback is null ? null : $"{symbol.Name}[{fallback.Name}]";
        }
    }

    private static string Short(IrExpression e)
    {
        string text = e.Span.ToString();
        return text.Length <= 40 && !text.Contains('\n', StringComparison.Ordinal) ? text : string.Concat(text.AsSpan(0, Math.Min(37, text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? end : 37)), "…");
    }
}
