using Terrace.Stan.Diagnostics;
using Terrace.Stan.Ir;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Analysis;

/// <summary>
/// Finds variables that are read before anything was assigned to them, by a forward analysis of what may have been assigned. Only certain faults are told: a container counts as assigned with its first element, a
/// branch may have been taken, and within a loop a statement that is not reached for certain in the first round may see what an earlier round assigned.
/// </summary>
internal sealed class UnassignedReads
{
    private readonly DiagnosticBag _diagnostics;
    private readonly Dictionary<IrSymbol, List<Span>> _assignments = [];
    private readonly HashSet<IrSymbol> _declared = [];
    private readonly HashSet<IrSymbol> _told = [];

    /// <summary>What may be assigned where the analysis stands.</summary>
    private HashSet<IrSymbol> _assigned = [];

    /// <summary>What earlier rounds of the loop at hand may have assigned.</summary>
    private HashSet<IrSymbol> _byEarlierRounds = [];

    private UnassignedReads(IrProgram program, DiagnosticBag diagnostics)
    {
        _diagnostics = diagnostics;
        foreach (IrStatement s in IrWalk.StatementsAndFunctions(program))
        {
            foreach ((IrSymbol symbol, Span span) in IrWalk.Assigned(s))
            {
                if (!_assignments.TryGetValue(symbol, out List<Span>? places)) _assignments[symbol] = places = [];
                places.Add(span);
            }
        }
    }

    /// <summary>Checks all functions and blocks.</summary>
    public static void Check(IrProgram program, DiagnosticBag diagnostics)
    {
        var check = new UnassignedReads(program, diagnostics);
        foreach (IrFunction function in program.Functions)
        {
            check._assigned = [];
            if (function.Body is not null) check.Statement(function.Body);
        }
        check._assigned = [];
        foreach (IrStatement s in program.TransformedData.Concat(program.TransformedParameters).Concat(program.Model).Concat(program.GeneratedQuantities)) check.Statement(s);
    }

    private void Statement(IrStatement s)
    {
        switch (s)
        {
            case IrDeclaration x:
                foreach (IrExpression e in IrWalk.Expressions(x)) Read(e);
                _declared.Add(x.Symbol);
                _byEarlierRounds.Remove(x.Symbol);
                if (x.Value is not null || x.Symbol.Sizes.Any(size => size is IrInteger { Value: <= 0 })) _assigned.Add(x.Symbol);
                else _assigned.Remove(x.Symbol);
                break;
            case IrAssignment or IrUnpack:
                foreach (IrExpression e in IrWalk.Expressions(s)) Read(e);
                foreach ((IrSymbol symbol, _) in IrWalk.Assigned(s)) _assigned.Add(symbol);
                break;
            case IrBlock x:
                foreach (IrStatement inner in x.Statements) Statement(inner);
                break;
            case IrIf x:
                Read(x.Condition);
                Perhaps(x.Then, false);
                if (x.Else is not null) Perhaps(x.Else, false);
                Join(x);
                break;
            case IrFor or IrForEach or IrWhile:
                foreach (IrExpression e in IrWalk.Expressions(s)) Read(e);
                foreach (IrStatement body in IrWalk.Children(s)) Perhaps(body, true);
                Join(s);
                break;
            default:
                foreach (IrExpression e in IrWalk.Expressions(s)) Read(e);
                break;
        }
    }

    /// <summary>Goes into a branch or the body of a loop, which may be reached in a later round of the loop around it.</summary>
    private void Perhaps(IrStatement body, bool loop)
    {
        (HashSet<IrSymbol> assigned, HashSet<IrSymbol> rounds) = (_assigned, _byEarlierRounds);
        _assigned = [.. assigned, .. rounds];
        _byEarlierRounds = loop ? [.. IrWalk.All(body).SelectMany(IrWalk.Assigned).Select(pair => pair.Symbol)] : [];
        Statement(body);
        _assigned = assigned;
        _byEarlierRounds = rounds;
    }

    /// <summary>Behind a branch or loop all that it assigns may be assigned, and after a jump the rest may belong to a later round.</summary>
    private void Join(IrStatement s)
    {
        bool jumps = false;
        foreach (IrStatement inner in IrWalk.All(s))
        {
            foreach ((IrSymbol symbol, _) in IrWalk.Assigned(inner)) _assigned.Add(symbol);
            jumps |= inner is IrBreak or IrContinue or IrReturn;
        }
        if (!jumps) return;
        _assigned.UnionWith(_byEarlierRounds);
        _byEarlierRounds.Clear();
    }

    private void Read(IrExpression root)
    {
        var open = new Stack<(IrExpression Expression, bool Certain)>();
        open.Push((root, true));
        while (open.Count > 0)
        {
            (IrExpression e, bool certain) = open.Pop();
            switch (e)
            {
                case IrVariable variable:
                    Read(variable, certain);
                    break;
                case IrBuiltinCall { Name: "size" or "num_elements" or "rows" or "cols" or "dims" }:
                    foreach (IrExpression index in IrWalk.Children(e).SelectMany(IrWalk.Children)) if (index is not IrVariable) open.Push((index, certain));
                    break;
                case IrOperator { Sign: "&&" or "||" } both:
                    open.Push((both.Operands[1], false));
                    open.Push((both.Operands[0], certain));
                    break;
                case IrConditional choice:
                    open.Push((choice.IfFalse, false));
                    open.Push((choice.IfTrue, false));
                    open.Push((choice.Condition, certain));
                    break;
                default:
                    foreach (IrExpression child in IrWalk.Children(e).Reverse()) open.Push((child, certain));
                    break;
            }
        }
    }

    private void Read(IrVariable variable, bool certain)
    {
        IrSymbol symbol = variable.Symbol;
        if (!_declared.Contains(symbol) || _assigned.Contains(symbol) || (!certain && _byEarlierRounds.Contains(symbol)) || MayBeLost(symbol) || !_told.Add(symbol)) return;
        Span read = variable.Span;
        Span? later = null;
        if (_assignments.TryGetValue(symbol, out List<Span>? places))
            foreach (Span place in places) if (ReferenceEquals(place.Source, read.Source) && place.End >= read.End) { later = place; break; }
        string message = later switch
        {
            { } same when same.Line == read.Line => $"`{symbol.Name}` is read before anything is assigned to it",
            { } place => $"`{symbol.Name}` is read before anything is assigned to it: the assignment comes later, on line {place.Line}",
            _ => $"`{symbol.Name}` is read, but nothing is assigned to it before",
        };
        string hint = later is { } behind && behind.Line != read.Line ? "statements run in the order in which they are written: move the assignment up" : $"give it a value first; it is declared on line {symbol.Span.Line}";
        _diagnostics.Warn("unassigned-read", message, read, hint);
    }

    /// <summary>Whether a statement that could not be read or resolved may have been the assignment: its lines name the variable.</summary>
    private bool MayBeLost(IrSymbol symbol)
    {
        if (!_diagnostics.HasErrors) return false;
        foreach (StanDiagnostic d in _diagnostics.Found)
        {
            if (d.Severity != Severity.Error || d.Code == "unassigned-read") continue;
            string text = d.Span.Source.Line(d.Span.Line);
            for (int at = text.IndexOf(symbol.Name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(symbol.Name, at + 1, StringComparison.Ordinal))
            {
                int end = at + symbol.Name.Length;
                if ((at == 0 || !IsWord(text[at - 1])) && (end == text.Length || !IsWord(text[end]))) return true;
            }
        }
        return false;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
