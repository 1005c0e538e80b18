using Terrace.Stan.Analysis;
using Terrace.Stan.Ir;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit.Loops;

/// <summary>
/// A loop whose body is arithmetic on single numbers: it assigns to local numbers and to elements of containers, and adds to the target. Such a loop needs no tape. Its rounds can be run again in the reverse pass, as
/// all that a round reads is still there: elements are written once, and nothing overwrites them afterwards.
/// </summary>
internal sealed class ScalarLoopShape
{
    private readonly AssignmentOrder _order;
    private readonly Func<IrSymbol, bool> _active;
    private readonly Func<IrSymbol, bool> _mayChange;
    private readonly IrFor _root;
    private readonly Dictionary<IrFor, List<IrSymbol>> _fromOutside = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<IrFor, bool> _target = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<IrFor, bool> _elements = new(ReferenceEqualityComparer.Instance);

    private ScalarLoopShape(IrFor root, AssignmentOrder order, Func<IrSymbol, bool> active, Func<IrSymbol, bool> mayChange)
    {
        _root = root;
        _order = order;
        _active = active;
        _mayChange = mayChange;
        Scratch = new ScratchMemory(root, order);
    }

    /// <summary>Containers that every round fills.</summary>
    public ScratchMemory Scratch { get; }

    /// <summary>Local numbers that are assigned to more than once: each reading takes a copy.</summary>
    public HashSet<IrSymbol> Reassigned { get; } = [];

    /// <summary>The shape of a loop, or null where it does more than arithmetic on single numbers.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="order">The assignments of the method.</param>
    /// <param name="active">Which variables depend on the parameters.</param>
    /// <param name="mayChange">Arguments whose memory the caller may change.</param>
    public static ScalarLoopShape? Of(IrFor loop, AssignmentOrder order, Func<IrSymbol, bool> active, Func<IrSymbol, bool> mayChange)
    {
        var shape = new ScalarLoopShape(loop, order, active, mayChange);
        return shape.Fits(loop) && shape.ElementsAreSettled() ? shape : null;
    }

    /// <summary>The variables declared before a loop of the nest that are assigned to within it.</summary>
    public IReadOnlyList<IrSymbol> FromOutside(IrFor loop) => _fromOutside[loop];

    /// <summary>Whether something within a loop of the nest adds to the target.</summary>
    public bool AddsToTarget(IrFor loop) => _target[loop];

    /// <summary>Whether something within a loop of the nest assigns to elements that depend on the parameters.</summary>
    public bool WritesActiveElements(IrFor loop) => _elements[loop];

    /// <summary>Whether each round of an inner loop can be differentiated as soon as it has run: no number of the rounds outside depends on it.</summary>
    public bool IsImmediate(IrFor loop) => !Scratch.Outlives(loop) && !_fromOutside[loop].Any(symbol => symbol.Type.IsScalar && _active(symbol)) && !ReadsReassigned(loop);

    private bool ReadsReassigned(IrFor loop)
    {
        HashSet<IrSymbol> inside = [.. IrWalk.All(loop.Body).OfType<IrDeclaration>().Select(declaration => declaration.Symbol)];
        return IrWalk.All(loop.Body).SelectMany(IrWalk.Expressions).SelectMany(IrWalk.Variables).Any(symbol => Reassigned.Contains(symbol) && !inside.Contains(symbol) && _active(symbol));
    }

    private bool Fits(IrFor loop)
    {
        if (!IsArithmetic(loop.Lower) || !IsArithmetic(loop.Upper)) return false;
        _target[loop] = IrWalk.All(loop.Body).Any(s => s is IrTarget);
        _elements[loop] = IrWalk.All(loop.Body).Any(s => s is IrAssignment { Path.Count: > 0 } assignment && _active(assignment.Symbol) && !Scratch.Contains(assignment.Symbol));
        _fromOutside[loop] = [.. _order.AssignedFromOutside(loop)];
        // A number from before the outermost loop that depends on the parameters would need its slot.
        if (ReferenceEquals(loop, _root) && _fromOutside[loop].Any(symbol => symbol.Type.IsScalar && _active(symbol))) return false;
        foreach (IrSymbol symbol in _fromOutside[loop]) if (symbol.Type.IsScalar) Reassigned.Add(symbol);
        return Fits(loop.Body);
    }

    private bool Fits(IrStatement statement)
    {
        switch (statement)
        {
            case IrBlock s: return s.Statements.All(Fits);
            case IrDeclaration { Symbol.Type.IsScalar: false } s: return s.Value is null && s.Symbol.Constraint.Kind == ConstraintKind.None && Scratch.Contains(s.Symbol) && IsArithmetic(s.Symbol.Sizes[0]);
            case IrDeclaration s:
                if (!s.Symbol.Type.IsScalar || s.Symbol.Constraint.Kind != ConstraintKind.None || (s.Value is not null && !IsArithmetic(s.Value))) return false;
                if (_order.Assignments(s.Symbol) > 1) Reassigned.Add(s.Symbol);
                return true;
            case IrAssignment { Path.Count: 0 } s: return s.Symbol.Type.IsScalar && IsArithmetic(s.Value);
            case IrAssignment s:
                return s.Symbol.Type.Base != BaseType.Int && s.Path.All(step => step.TupleElement < 0) && s.Path.Sum(step => step.Indexes.Count) == s.Symbol.Type.IndexCount
                    && s.Path.SelectMany(step => step.Indexes).All(IsPlace) && IsArithmetic(s.Value);
            case IrTarget s: return !s.Jacobian && IsArithmetic(s.Value);
            case IrIf s: return IsArithmetic(s.Condition) && Fits(s.Then) && (s.Else is null || Fits(s.Else));
            case IrFor s: return Fits(s);
            default: return false;
        }
    }

    private static bool IsPlace(IrIndex index) => index.Kind == IndexKind.Single && IsArithmetic(index.First!);

    private static bool IsArithmetic(IrExpression root)
    {
        foreach (IrExpression e in ScalarParts(root))
        {
            bool fits = e switch
            {
                IrInteger or IrReal => true,
                IrVariable v => v.Type.IsScalar,
                IrPromotion p => p.Operand.Type.IsScalar,
                IrOperator o => o.Type.IsScalar && o.Operands.All(operand => operand.Type.IsScalar),
                IrConditional c => c.Type.IsScalar,
                IrIndexed i => i.Type.IsScalar && i.Target is IrVariable && i.Indexes.All(index => index.Kind == IndexKind.Single),
                IrBuiltinCall c => IsArithmeticCall(c),
                _ => false,
            };
            if (!fits) return false;
        }
        return true;
    }

    /// <summary>Whether a call sums over elements that lie side by side.</summary>
    public static bool IsReduction(IrBuiltinCall call) => call.Name switch
    {
        "log_sum_exp" or "sum" => call.Arguments.Count == 1 && IsSlice(call.Arguments[0]),
        "dot_product" => call.Arguments.Count == 2 && call.Arguments.All(IsSlice),
        _ => false,
    };

    /// <summary>A container of one dimension, or the part of one that single indexes of its arrays pick.</summary>
    private static bool IsSlice(IrExpression e) => e switch
    {
        { Type: var type } when type.IndexCount != 1 || type.IsIntegral || type.Base is not (BaseType.Real or BaseType.Vector or BaseType.RowVector) => false,
        IrVariable => true,
        IrIndexed { Target: IrVariable target } i => i.Indexes.Count <= target.Type.Depth && i.Indexes.All(index => index.Kind == IndexKind.Single),
        _ => false,
    };

    private static bool IsArithmeticCall(IrBuiltinCall call)
    {
        if (IsReduction(call)) return true;
        if (call.Function is null)
        {
            return call.Name is "size" or "num_elements" or "rows" or "cols"
                ? call.Arguments[0] is IrVariable
                : call.Type.IsScalar && call.Arguments.All(argument => argument.Type.IsScalar)
                    && call.Name is not ("sum" or "prod" or "to_array_1d" or "to_matrix" or "rank" or "any_below" or "any_above");
        }
        if (call.Function.Kind is not (BuiltinKind.Scalar or BuiltinKind.Distribution)) return false;
        return call.Arguments.All(argument => argument.Type.IsScalar) && !call.Name.EndsWith("_rng", StringComparison.Ordinal);
    }

    /// <summary>An expression and all within it, without the containers that are indexed or measured.</summary>
    private static IEnumerable<IrExpression> ScalarParts(IrExpression root)
    {
        var open = new Stack<IrExpression>();
        open.Push(root);
        while (open.Count > 0)
        {
            IrExpression e = open.Pop();
            yield return e;
            IEnumerable<IrExpression> parts = e switch
            {
                IrIndexed i => i.Indexes.SelectMany(IrWalk.Ends),
                IrBuiltinCall { Function: null, Name: "size" or "num_elements" or "rows" or "cols" } => [],
                IrBuiltinCall c when IsReduction(c) => c.Arguments.OfType<IrIndexed>().SelectMany(slice => slice.Indexes).SelectMany(IrWalk.Ends),
                _ => IrWalk.Children(e),
            };
            foreach (IrExpression part in parts) open.Push(part);
        }
    }

    private bool ElementsAreSettled()
    {
        List<IrSymbol> containers = [.. IrWalk.All(_root).SelectMany(IrWalk.Expressions).SelectMany(IrWalk.Variables).Where(symbol => symbol.Type.IndexCount > 0 && !Scratch.Contains(symbol))];
        var writes = new ElementWrites(_root, Scratch);
        if (!writes.AreSingle) return false;
        if (containers.Any(symbol => writes.Contains(symbol)) && !writes.AreReadAfterwards()) return false;
        // Without elements to differentiate later, rounds are differentiated as they run, and only active memory must not change.
        foreach (IrSymbol symbol in containers.Distinct())
        {
            if (!_elements[_root] && !_active(symbol)) continue;
            if (_mayChange(symbol) || (_order.Assignments(symbol) > 0 && !IsGlobal(symbol) && !_order.IsSettledAfter(symbol, _root))) return false;
        }
        return true;
    }

    private static bool IsGlobal(IrSymbol symbol) => symbol.Kind is SymbolKind.Data or SymbolKind.TransformedData or SymbolKind.Parameter;
}
