using System.Linq.Expressions;
using System.Reflection;
using Terrace.Stan.Emit.Loops;
using Terrace.Stan.Ir;
using Terrace.Stan.Lowering;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.LinearAlgebra;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Calls of built-in functions.</summary>
internal sealed partial class MethodEmitter
{
    /// <summary>A call; with <paramref name="toTarget"/> its value only adds to the target, so partials may go to the adjoints at once.</summary>
    private Value Builtin(IrBuiltinCall e, bool toTarget)
    {
        if (_nest is not null && ScalarLoopShape.IsReduction(e)) return Reduction(e);
        if (e.Function is null) return Intrinsic(e);
        switch (e.Function.Kind)
        {
            case BuiltinKind.Scalar: return ScalarBuiltin(e);
            case BuiltinKind.Distribution: return Distribution(e, toTarget);
            default: return Opaque(e, e.Function);
        }
    }

    private Value ScalarBuiltin(IrBuiltinCall e)
    {
        Value[] arguments = [.. e.Arguments.Select(Evaluate)];
        string path = e.Function!.Implementation;
        if (arguments.All(argument => argument is ScalarValue))
        {
            ScalarValue[] scalars = [.. arguments.Cast<ScalarValue>()];
            return ScalarFunctionCall(path, [.. scalars.Select(scalar => ToDouble(scalar.Expression))], [.. scalars.Select(scalar => scalar.Node)]);
        }
        bool active = arguments.Any(IsActive);
        ContainerValue shape = arguments.OfType<ContainerValue>().First();
        foreach (ContainerValue other in arguments.OfType<ContainerValue>())
            for (int d = 0; d < shape.Dimensions.Length; d++) CheckOperands(e.Name, shape.Dimensions[d], other.Dimensions[d]);
        nint function = RuntimeMethods.Pointer(RuntimeMethods.Find(path));
        nint slopes = active ? RuntimeMethods.Pointer(RuntimeMethods.Beside(path, arguments.Length == 1 ? "Slope" : "Slopes")) : 0;
        Expression call;
        if (arguments.Length == 1)
        {
            call = Call(typeof(ContainerFunctions), nameof(ContainerFunctions.Unary), _w, Expression.Constant(ContainerFunctions.KernelOf(e.Name)), Expression.Constant(function), Expression.Constant(slopes), ToBlock(shape));
        }
        else
        {
            for (int k = 0; k < arguments.Length; k++) Emit(Call(nameof(Workspace.Argument), Constant(k), ToBlock(arguments[k])));
            call = Call(nameof(Workspace.ElementwiseFunction), Expression.Constant(function), Expression.Constant(slopes), Constant(arguments.Length));
        }
        return WithDimensions(FromBlock(call, e.Type, active, e.Type.Depth > 0 ? shape.Dimensions[..e.Type.Depth] : null), shape.Dimensions);
    }

    /// <summary>A method of the runtime that records its own adjoint.</summary>
    private Value Opaque(IrBuiltinCall e, BuiltinFunction function)
    {
        MethodInfo method = RuntimeMethods.Overload(function.Implementation, [.. e.Arguments.Select(argument => argument.Type.IsInt ? typeof(int) : argument.Type.IsIntegral ? typeof(IntBlock) : typeof(Block))]);
        ParameterInfo[] parameters = method.GetParameters();
        List<Expression> arguments = [_w];
        int next = 1;
        Value?[] values = [.. e.Arguments.Select(argument => argument is IrFunctionReference ? null : Evaluate(argument))];
        bool active = values.Any(value => value is not null && IsActive(value));
        // A part is copied out, and its adjoint needs places only: what it is taken from may change afterwards.
        bool copies = function.Implementation.StartsWith("LinearAlgebra.Parts.", StringComparison.Ordinal);
        bool density = next < parameters.Length && parameters[next].Name == "terms";
        if (density)
        {
            arguments.Add(Terms(values!, e.DropConstants));
            next++;
        }
        for (int k = 0; k < e.Arguments.Count; k++)
        {
            Type type = next < parameters.Length ? parameters[next].ParameterType : typeof(void);
            if (type == typeof(Operand[]))
            {
                arguments.Add(Operands(values.AsSpan(k)!));
                next++;
                break;
            }
            arguments.Add(values[k] is null ? Callable((IrFunctionReference)e.Arguments[k], e, values) : copies && values[k] is ContainerValue { Type.IsIntegral: false } whole ? RawBlock(whole) : RuntimeArgument(values[k]!, type));
            next++;
        }
        while (next < parameters.Length)
        {
            arguments.Add(parameters[next].ParameterType == typeof(Operand[]) ? Expression.Constant(Array.Empty<Operand>()) : Expression.Constant(parameters[next].DefaultValue, parameters[next].ParameterType));
            next++;
        }
        MethodCallExpression call = Expression.Call(method, arguments);
        if (method.ReturnType == typeof(IntBlock)) return FromIntBlock(call);
        if (method.ReturnType == typeof(int)) return new ScalarValue(StanType.Int, Local(call));
        if (method.ReturnType == typeof(double)) return new ScalarValue(StanType.Real, Local(call));
        return FromBlock(call, e.Type, active && !e.Name.EndsWith("_rng", StringComparison.Ordinal));
    }

    private Expression RuntimeArgument(Value value, Type type)
    {
        // A whole number may be written as a real, as the step limits of the old solvers are.
        if (type == typeof(int)) return value.Type.IsInt ? ((ScalarValue)value).Expression : Call(typeof(IntegerFunctions), nameof(IntegerFunctions.ToInt), ((ScalarValue)value).Expression);
        if (type == typeof(IntBlock)) return ToIntBlock(value);
        if (type == typeof(double)) return ToDouble(((ScalarValue)value).Expression);
        if (value is ContainerValue { Type.IsIntegral: true } ints) return ToBlock(Reals(ints));
        return ToBlock(value);
    }

    /// <summary>Which arguments are not constant: all, unless constants are dropped.</summary>
    private Expression Terms(IReadOnlyList<Value> values, bool dropConstants)
    {
        if (!dropConstants) return Constant(-1);
        int mask = 0;
        for (int k = 0; k < values.Count; k++) if (values[k] is not null && IsActive(values[k])) mask |= 1 << k;
        Expression drop = Field(nameof(Workspace.DropConstants));
        return Expression.Condition(_level is null ? drop : Local(drop), Constant(mask), Constant(-1));
    }

    private Value Distribution(IrBuiltinCall e, bool toTarget)
    {
        BuiltinFunction function = e.Function!;
        string suffix = e.Name[(e.Name.LastIndexOf('_') + 1)..];
        if (suffix is "lpdf" or "lpmf" && Fast(e) is { } fast) return Opaque(e, fast);
        Value[] values = [.. e.Arguments.Select(Evaluate)];
        if (suffix == "rng") return Draw(e, function, values);
        string method = suffix switch { "lpdf" or "lpmf" => "Log", "lccdf" => "LogCcdf", _ => "LogCdf" };
        nint pointer = RuntimeMethods.Pointer(RuntimeMethods.Of(function.Implementation, method));
        bool density = method == "Log";
        int wanted = 0;
        for (int k = 0; k < values.Length; k++) if (IsActive(values[k])) wanted |= 1 << k;
        if (!_differentiates) wanted = 0;
        Expression terms = density ? Terms(values, e.DropConstants) : Constant(-1);
        if (density && function.Implementation == "Densities.NormalDistribution" && values.All(value => value is ScalarValue)) return InlineNormal((ScalarValue)values[0], (ScalarValue)values[1], (ScalarValue)values[2], terms);
        ScalarValue result = values.All(value => value is ScalarValue)
            ? ScalarDensity(pointer, density, terms, wanted, [.. values.Cast<ScalarValue>()])
            : VectorDensity(e.Name, pointer, density, terms, wanted, values, toTarget && suffix != "cdf");
        if (suffix != "cdf") return result;
        Expression logarithm = Once(result.Expression);
        return ScalarFunctionCall("Scalars.Powers.Exp", [logarithm], [result.Node]);
    }

    private ScalarValue ScalarDensity(nint pointer, bool density, Expression terms, int wanted, ScalarValue[] arguments)
    {
        Expression[] numbers = [.. arguments.Select(argument => Once(ToDouble(argument.Expression)))];
        Expression call = density
            ? Call("Density" + numbers.Length, [Expression.Constant(pointer), terms, Constant(wanted), .. numbers])
            : Call(nameof(Workspace.Cumulative), [Expression.Constant(pointer), Constant(wanted), .. Padded(numbers, 5)]);
        ParameterExpression value = Local(call);
        if (wanted == 0) return new ScalarValue(StanType.Real, value);
        var edges = new (DerivativeNode?, Func<Expression?>)[arguments.Length];
        for (int k = 0; k < edges.Length; k++)
        {
            if (arguments[k].Node is not { } node)
            {
                edges[k] = (null, () => null);
                continue;
            }
            // The next density overwrites the partials, so they are taken over now.
            ParameterExpression partial = Local(Call(nameof(Workspace.Partial), Constant(k)));
            edges[k] = (node, () => partial);
        }
        return new ScalarValue(StanType.Real, value, new OperationNode(edges));
    }

    private static IEnumerable<Expression> Padded(Expression[] numbers, int length) => numbers.Concat(Enumerable.Repeat<Expression>(Constant(0.0), length - numbers.Length));

    private ScalarValue VectorDensity(string name, nint pointer, bool density, Expression terms, int wanted, Value[] values, bool immediate)
    {
        GiveArguments(values);
        ParameterExpression value = Local(Call(nameof(Workspace.VectorisedDensity), Expression.Constant(pointer), Constant(values.Length), terms, Constant(wanted), Expression.Constant(immediate), Expression.Constant(!density), Expression.Constant(name)));
        if (wanted == 0 || immediate) return new ScalarValue(StanType.Real, value);
        return new ScalarValue(StanType.Real, value, new SlotNode(Local(Field(nameof(Workspace.ResultSlot))), false));
    }

    private void GiveArguments(Value[] values)
    {
        Expression[] blocks = [.. values.Select(value => Local(value is ScalarValue scalar ? ScalarBlock(scalar) : ToBlock(value)))];
        for (int k = 0; k < blocks.Length; k++) Emit(Call(nameof(Workspace.Argument), Constant(k), blocks[k]));
    }

    /// <summary>A scalar among containers, marked so that a container of one element is not taken for it.</summary>
    private Expression ScalarBlock(ScalarValue scalar)
    {
        Expression slot = scalar.IsActive ? SlotOf(scalar) : Call(nameof(Workspace.NewSlot), ToDouble(scalar.Expression));
        return Expression.New(NewBlock, slot, Constant(-1), Constant(-1), Constant(1), Expression.Constant(scalar.IsActive));
    }

    /// <summary>A vectorised method for this density, if there is one for these arguments.</summary>
    private static BuiltinFunction? Fast(IrBuiltinCall e)
    {
        StanType[] types = [.. e.Arguments.Select(argument => argument.Type)];
        if (types.All(type => type.IsScalar)) return null;
        foreach (BuiltinFunction candidate in FunctionLibrary.Find(e.Name)) if (candidate.Kind == BuiltinKind.Vectorised && candidate.Cost(types) >= 0) return candidate;
        return null;
    }

    private Value Draw(IrBuiltinCall e, BuiltinFunction function, Value[] values)
    {
        nint pointer = RuntimeMethods.Pointer(RuntimeMethods.Of(function.Implementation, "Draw"));
        bool ints = e.Type.IsIntegral;
        if (values.All(value => value is ScalarValue))
        {
            Expression[] numbers = [.. values.Select(value => Once(ToDouble(((ScalarValue)value).Expression)))];
            Expression draw = Call(nameof(Workspace.Draw), [Expression.Constant(pointer), .. Padded(numbers, 5)]);
            if (ints) draw = Call(typeof(Promotions), nameof(Promotions.ToInt), draw);
            return new ScalarValue(e.Type, Local(draw));
        }
        GiveArguments(values);
        Expression call = Call(nameof(Workspace.VectorisedDraw), Expression.Constant(pointer), Constant(values.Length), Expression.Constant(e.Name));
        return ints ? FromIntBlock(Call(typeof(Promotions), nameof(Promotions.ToInts), _w, call)) : FromBlock(call, e.Type, false);
    }

    /// <summary>A matrix whose rows are those of a two-dimensional array.</summary>
    private Value MatrixOfRows(ContainerValue x)
    {
        var rows = new ContainerValue(StanType.RowVector.InArray(), x.Offset, x.Dimensions) { IsActive = x.IsActive, IsMutable = x.IsMutable };
        return WithDimensions(FromBlock(Call(typeof(Reshaping), nameof(Reshaping.ToMatrixFromRows), _w, ToBlock(rows)), StanType.Matrix, x.IsActive), x.Dimensions);
    }

    /// <summary>The results of several functions of one matrix.</summary>
    private TupleValue Factors(StanType type, (string Function, StanType Type)[] parts, ContainerValue x)
    {
        Expression matrix = Local(ToBlock(x));
        List<Value> elements = [];
        foreach ((string function, StanType own) in parts)
        {
            Expression call = Expression.Call(RuntimeMethods.Find(FunctionImplementation(function, StanType.Matrix)), _w, matrix);
            elements.Add(own.IsIntegral ? FromIntBlock(call) : FromBlock(call, own, x.IsActive));
        }
        return new TupleValue(type, elements);
    }

    private Value Intrinsic(IrBuiltinCall e)
    {
        if (e.Arguments.Count == 0 && Intrinsics.Constants.TryGetValue(e.Name, out double constant)) return new ScalarValue(StanType.Real, Constant(constant));
        if (TransformFunctions.Find(e.Name) is { } transform) return Transform(e, transform);
        Value[] values = [.. e.Arguments.Select(Evaluate)];
        Expression Number(int k) => ((ScalarValue)values[k]).Expression;
        ScalarValue Whole(Expression expression) => new(StanType.Int, expression);
        ScalarValue WholeCall(string method, params Expression[] arguments) => Whole(Local(Call(typeof(IntegerFunctions), method, arguments)));
        Value first = values[0];
        ContainerValue? x = first as ContainerValue;
        if (Intrinsics.Factors.TryGetValue(e.Name, out (string Function, StanType Type)[]? parts)) return Factors(e.Type, parts, x!);
        switch (e.Name)
        {
            case "size" when x is not null: return Whole(x.Type is { Depth: 0, Base: BaseType.Matrix } ? TotalCount(x) : x.Dimensions[0]);
            case "num_elements" when x is not null: return Whole(TotalCount(x));
            case "size" or "num_elements": return Whole(Constant(1));
            case "rows": return Whole(Rows(x!));
            case "cols": return Whole(Cols(x!));
            case "dims": return FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.Of), _w, Expression.NewArrayInit(typeof(int), x?.Dimensions ?? [])));
            case "any_below" or "any_above": return AnyOutside(values, e.Name == "any_below");
            case "rep_array": return RepeatedArray(e, values);
            case "append_array": return AppendedArrays(e, values);
            case "reverse": return ArrayFunction(e, x!, nameof(ArrayFunctions.Reverse), x!.Dimensions[0]);
            case "head": return ArrayPart(x!, Constant(1), Number(1));
            case "tail": return ArrayPart(x!, Plus(Expression.Subtract(x!.Dimensions[0], Number(1)), Constant(1)), x.Dimensions[0]);
            case "segment": return ArrayPart(x!, Number(1), Expression.Subtract(Expression.Add(Number(1), Number(2)), Constant(1)));
            case "sum": return WholeCall(nameof(IntegerFunctions.Sum), _w, ToIntBlock(first));
            case "prod": return WholeCall(nameof(IntegerFunctions.Prod), _w, ToIntBlock(first));
            case "min" when x is not null: return WholeCall(nameof(IntegerFunctions.Min), _w, ToIntBlock(first));
            case "max" when x is not null: return WholeCall(nameof(IntegerFunctions.Max), _w, ToIntBlock(first));
            case "min" or "max": return Whole(Expression.Call(typeof(Math).GetMethod(e.Name == "min" ? nameof(Math.Min) : nameof(Math.Max), [typeof(int), typeof(int)])!, Number(0), Number(1)));
            case "abs" when x is null: return WholeCall(nameof(IntegerFunctions.Abs), Number(0));
            case "abs": return new ContainerValue(e.Type, FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.AbsAll), _w, ToIntBlock(first))).Offset, x!.Dimensions) { IsFresh = true };
            case "int_step": return WholeCall(nameof(IntegerFunctions.Step), ToDouble(Number(0)));
            case "to_int": return Number(0).Type == typeof(int) ? Whole(Number(0)) : WholeCall(nameof(IntegerFunctions.ToInt), Number(0));
            case "choose" when e.Type.Depth > 0: return FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.ChooseAll), _w, ToIntBlock(first), ToIntBlock(values[1])));
            case "choose": return WholeCall(nameof(IntegerFunctions.Choose), Number(0), Number(1));
            case "sort_asc" or "sort_desc": return FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.Sort), _w, ToIntBlock(first), Expression.Constant(e.Name == "sort_desc")));
            case "sort_indices_asc" or "sort_indices_desc": return FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.Order), _w, RawBlock(Reals(x!)), Expression.Constant(e.Name == "sort_indices_desc")));
            case "rank": return WholeCall(nameof(IntegerFunctions.Rank), _w, RawBlock(Reals(x!)), Number(1));
            case "to_array_1d": return new ContainerValue(e.Type, x!.Offset, [TotalCount(x)]) { IsActive = x.IsActive, IsFresh = x.IsFresh, IsMutable = x.IsMutable };
            case "to_matrix": return MatrixOfRows(Reals(x!));
            case "to_array_2d": return FromBlock(Call(typeof(Reshaping), nameof(Reshaping.ToArray2), _w, ToBlock(x!)), e.Type, x!.IsActive, x.Dimensions);
            case "linspaced_int_array": return FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.Linspaced), _w, Number(0), Number(1), Number(2)));
            case "ones_int_array" or "zeros_int_array": return FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.Repeat), _w, Constant(e.Name == "ones_int_array" ? 1 : 0), Number(0)));
            case "one_hot_int_array": return FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.OneHot), _w, Number(0), Number(1)));
            case "is_inf" or "is_nan":
                Expression real = ToDouble(Number(0));
                return Whole(Expression.Condition(Expression.Call(typeof(double).GetMethod(e.Name == "is_inf" ? nameof(double.IsInfinity) : nameof(double.IsNaN))!, real), Constant(1), Constant(0)));
            case "logical_negation": return Whole(Expression.Condition(Condition(new IrOperator("!", e.Arguments, StanType.Int, e.Span)), Constant(1), Constant(0)));
            default:
                string sign = e.Name switch { "logical_or" => "||", "logical_and" => "&&", "logical_eq" => "==", "logical_neq" => "!=", "logical_lt" => "<", "logical_lte" => "<=", "logical_gt" => ">", _ => ">=" };
                return Whole(Expression.Condition(Condition(new IrOperator(sign, e.Arguments, StanType.Int, e.Span)), Constant(1), Constant(0)));
        }
    }
}
