using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>
/// The user's functions. Arguments and results travel through two small arrays of the workspace: a scalar as its value (and slot), a container as its place and sizes; the callee moves them to locals before it
/// does anything else, so that calls may nest and recur.
/// </summary>
internal sealed partial class MethodEmitter
{
    private FunctionInstance? _instance;
    private LabelTarget? _end;

    private Value UserCall(IrUserCall e)
    {
        Value[] arguments = [.. e.Arguments.Select(argument => Settled(argument))];
        ArgumentMode[] modes = [.. arguments.Select(ModeOf)];
        FunctionInstance instance = _program.Instance(e.Function, modes, _differentiates);
        int ints = 0, reals = 0;
        for (int k = 0; k < arguments.Length; k++) Hand(arguments[k], ref ints, ref reals, modes[k] != ArgumentMode.Constant);
        Emit(Expression.Invoke(Expression.ArrayIndex(Field(nameof(Workspace.Functions)), Constant(instance.Index)), _w));
        Emit(Expression.Assign(Field(nameof(Workspace.Site)), Constant(_program.SiteOf(e.Span))));
        if (e.Function.Returns.Equals(StanType.Void)) return new ScalarValue(StanType.Int, Constant(0));
        int nextInt = 0, nextReal = 0;
        return Take(e.Function.Returns, instance.ReturnsActive, ref nextInt, ref nextReal);
    }

    private ArgumentMode ModeOf(Value value)
    {
        if (!_differentiates || !IsActive(value)) return ArgumentMode.Constant;
        return value is ContainerValue { IsMutable: true } ? ArgumentMode.ActiveMutable : ArgumentMode.Active;
    }

    private IndexExpression CallInt(int k) => Expression.ArrayAccess(Field(nameof(Workspace.CallInts)), Constant(k));

    private IndexExpression CallReal(int k) => Expression.ArrayAccess(Field(nameof(Workspace.CallReals)), Constant(k));

    /// <summary>Writes a value into the arrays of a call.</summary>
    private void Hand(Value value, ref int ints, ref int reals, bool active)
    {
        switch (value)
        {
            case TupleValue tuple:
                foreach (Value element in tuple.Elements) Hand(element, ref ints, ref reals, active);
                break;
            case ScalarValue { Type.IsInt: true } scalar:
                Emit(Expression.Assign(CallInt(ints++), scalar.Expression));
                break;
            case ScalarValue scalar:
                Emit(Expression.Assign(CallReal(reals++), ToDouble(scalar.Expression)));
                if (active) Emit(Expression.Assign(CallInt(ints++), scalar.Node is SlotNode slot ? slot.Slot : Constant(Workspace.IdleSlot)));
                break;
            case ContainerValue x:
                Emit(Expression.Assign(CallInt(ints++), x.Offset));
                foreach (Expression size in x.Dimensions) Emit(Expression.Assign(CallInt(ints++), size));
                break;
        }
        if (ints > 250 || reals > 60) throw new StanFaultException(StanFaultKind.Error, "a function has too many arguments");
    }

    /// <summary>Moves a value from the arrays of a call into locals.</summary>
    private Value Take(StanType type, bool active, ref int ints, ref int reals)
    {
        active &= type.Base != BaseType.Int;
        if (type.Base == BaseType.Tuple && type.Depth == 0)
        {
            List<Value> elements = [];
            foreach (StanType element in type.Elements!) elements.Add(Take(element, active, ref ints, ref reals));
            return new TupleValue(type, elements);
        }
        if (type.IsInt) return new ScalarValue(type, Local(CallInt(ints++)));
        if (type.IsReal)
        {
            ParameterExpression number = Local(CallReal(reals++));
            return new ScalarValue(type, number, active ? new SlotNode(Local(CallInt(ints++)), false) : null);
        }
        ParameterExpression offset = Local(CallInt(ints++));
        var sizes = new Expression[type.IndexCount];
        for (int d = 0; d < sizes.Length; d++) sizes[d] = Local(CallInt(ints++));
        return new ContainerValue(type, offset, sizes) { IsActive = active, IsFresh = true };
    }

    /// <summary>The body of a function.</summary>
    public void Function(FunctionInstance instance)
    {
        _instance = instance;
        _end = Expression.Label();
        int ints = 0, reals = 0;
        for (int k = 0; k < instance.Function.Arguments.Count; k++)
        {
            IrSymbol argument = instance.Function.Arguments[k];
            Value value = Take(argument.Type, instance.Modes[k] != ArgumentMode.Constant, ref ints, ref reals);
            _storage[argument] = StorageOf(value, instance.Modes[k] == ArgumentMode.ActiveMutable);
        }
        Emit(Call(nameof(Workspace.Enter)));
        Statement(instance.Function.Body!);
        Emit(Expression.Label(_end));
        Emit(Expression.PreDecrementAssign(Field(nameof(Workspace.Depth))));
    }

    /// <summary>A value that was taken over as the storage of an argument.</summary>
    private static Storage StorageOf(Value value, bool mutable) => value switch
    {
        ScalarValue scalar => new Storage { Number = (ParameterExpression)scalar.Expression, Slot = (scalar.Node as SlotNode)?.Slot as ParameterExpression, IsActive = scalar.IsActive },
        ContainerValue x => new Storage { Offset = (ParameterExpression)x.Offset, Dimensions = [.. x.Dimensions.Cast<ParameterExpression>()], IsActive = x.IsActive, IsMutable = mutable },
        TupleValue tuple => new Storage { Parts = [.. tuple.Elements.Select(element => StorageOf(element, mutable))] },
        _ => throw new InvalidOperationException(),
    };

    private void Return(IrReturn s)
    {
        if (s.Value is not null)
        {
            Value value = Owned(Settled(s.Value), s.Value is IrVariable { Symbol.Kind: SymbolKind.Local });
            int ints = 0, reals = 0;
            Hand(value, ref ints, ref reals, _instance!.ReturnsActive && s.Value.Type.Base != BaseType.Int);
        }
        Emit(Expression.Goto(_end!));
    }

    /// <summary>A result that shares no memory with an argument, since the caller may take it over.</summary>
    private Value Owned(Value value, bool local)
    {
        if (value is TupleValue tuple) return new TupleValue(tuple.Type, [.. tuple.Elements.Select(element => Owned(element, false))]);
        if (value is not ContainerValue x || x.IsFresh || local) return value;
        return x.Type.IsIntegral ? CopyInts(x) : StableCopy(x);
    }

    /// <summary>A user's function as a solver calls it.</summary>
    private Expression Callable(IrFunctionReference reference, IrBuiltinCall call, Value?[] values)
    {
        IrFunction function = SolverArguments.Choose(reference, call);
        ArgumentMode[] modes = new ArgumentMode[function.Arguments.Count];
        bool[] constant = SolverArguments.Constants(call, values, function.Arguments.Count);
        for (int k = 0; k < modes.Length; k++)
            modes[k] = _differentiates && !constant[k] && !function.Arguments[k].IsDataOnly && function.Arguments[k].Type.Base != BaseType.Int ? ArgumentMode.Active : ArgumentMode.Constant;
        FunctionInstance instance = _program.Instance(function, modes, _differentiates);
        return Expression.Constant(new FunctionAdapter(instance.Index, [.. function.Arguments.Select(argument => argument.Type)], [.. modes.Select(mode => mode != ArgumentMode.Constant)], function.Returns, instance.ReturnsActive).Callable);
    }

    /// <summary>Arguments that a solver hands on to the function.</summary>
    private Expression Operands(ReadOnlySpan<Value> values)
    {
        List<Expression> operands = [];
        foreach (Value value in values)
        {
            if (value is ScalarValue { Type.IsInt: true } whole) operands.Add(Call(typeof(FunctionAdapter), nameof(FunctionAdapter.OfInt), whole.Expression));
            else if (value is ContainerValue { Type.IsIntegral: true } ints) operands.Add(Call(typeof(FunctionAdapter), nameof(FunctionAdapter.OfInts), ToIntBlock(ints), Expression.NewArrayInit(typeof(int), ints.Dimensions)));
            else operands.Add(Call(typeof(FunctionAdapter), nameof(FunctionAdapter.OfReals), ToBlock(value), Expression.NewArrayInit(typeof(int), value is ContainerValue x ? x.Dimensions.Take(x.Type.Depth) : [])));
        }
        return Expression.NewArrayInit(typeof(Operand), operands);
    }
}
