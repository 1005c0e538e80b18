using System.Runtime.CompilerServices;
using Terrace.Stan.Ir;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Finds the variables that depend on the parameters: the least set that holds the given ones and every variable to which something that depends on the set is assigned.</summary>
internal sealed class ActivityAnalysis
{
    private readonly HashSet<IrSymbol> _active;
    private bool _changed;

    private ActivityAnalysis(IEnumerable<IrSymbol> initial) => _active = [.. initial];

    /// <summary>The active variables of the statements.</summary>
    public static HashSet<IrSymbol> Find(IEnumerable<IrStatement> statements, IEnumerable<IrSymbol> initial)
    {
        var analysis = new ActivityAnalysis(initial);
        IrStatement[] all = [.. statements];
        do
        {
            analysis._changed = false;
            foreach (IrStatement statement in all) analysis.Visit(statement);
        }
        while (analysis._changed);
        return analysis._active;
    }

    private void Add(IrSymbol symbol)
    {
        if (symbol.Type.Base != BaseType.Int && _active.Add(symbol)) _changed = true;
    }

    private void Visit(IrStatement statement)
    {
        switch (statement)
        {
            case IrDeclaration { Value: { } value } s when IsActive(value): Add(s.Symbol); break;
            case IrAssignment s when IsActive(s.Value): Add(s.Symbol); break;
            case IrUnpack s when IsActive(s.Value):
                Add(s.Temporary);
                foreach (IrAssignment part in s.Parts) Add(part.Symbol);
                break;
            case IrIf s:
                Visit(s.Then);
                if (s.Else is not null) Visit(s.Else);
                break;
            case IrFor s: Visit(s.Body); break;
            case IrForEach s:
                if (IsActive(s.Container)) Add(s.Variable);
                Visit(s.Body);
                break;
            case IrWhile s: Visit(s.Body); break;
            case IrBlock s: foreach (IrStatement inner in s.Statements) Visit(inner); break;
        }
    }

    private bool IsActive(IrExpression e)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (e.Type.Base == BaseType.Int) return false;
        return e switch
        {
            IrVariable v => _active.Contains(v.Symbol),
            IrOperator o => o.Operands.Any(IsActive),
            IrBuiltinCall c => c.Arguments.Any(IsActive),
            IrUserCall c => c.Arguments.Any(IsActive),
            IrIndexed i => IsActive(i.Target),
            IrConditional c => IsActive(c.IfTrue) || IsActive(c.IfFalse),
            IrArray a => a.Elements.Any(IsActive),
            IrRowVector r => r.Elements.Any(IsActive),
            IrTuple t => t.Elements.Any(IsActive),
            IrTupleElement t => IsActive(t.Target),
            _ => false,
        };
    }
}
