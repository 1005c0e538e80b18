using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.LinearAlgebra;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Functions on arrays of any type.</summary>
internal sealed partial class MethodEmitter
{
    private ScalarValue AnyOutside(Value[] values, bool below)
    {
        Expression bound = ToDouble(((ScalarValue)values[1]).Expression);
        Expression outside = values[0] is ScalarValue scalar
            ? below ? Expression.LessThan(ToDouble(scalar.Expression), bound) : Expression.GreaterThan(ToDouble(scalar.Expression), bound)
            : Call(typeof(ArrayFunctions), below ? nameof(ArrayFunctions.AnyBelow) : nameof(ArrayFunctions.AnyAbove), _w, RawBlock(Reals((ContainerValue)values[0])), bound);
        return new ScalarValue(StanType.Int, Expression.Condition(outside, Constant(1), Constant(0)));
    }

    private ContainerValue RepeatedArray(IrBuiltinCall e, Value[] values)
    {
        Expression[] sizes = [.. values.Skip(1).Select(value => Once(((ScalarValue)value).Expression))];
        foreach (Expression size in sizes) Emit(Expression.IfThen(Expression.LessThan(size, Constant(0)), Call(typeof(Faults), nameof(Faults.NegativeSize), Expression.Constant("rep_array"), size)));
        Expression count = Once(Product(sizes));
        if (e.Type.IsIntegral)
        {
            if (values[0] is ScalarValue one) return new ContainerValue(e.Type, FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.Repeat), _w, one.Expression, count)).Offset, sizes) { IsFresh = true };
            var inner = (ContainerValue)values[0];
            return new ContainerValue(e.Type, FromIntBlock(Call(typeof(ArrayFunctions), nameof(ArrayFunctions.RepeatInts), _w, ToIntBlock(inner), count)).Offset, [.. sizes, .. inner.Dimensions]) { IsFresh = true };
        }
        Expression block = Local(Call(typeof(Construction), nameof(Construction.RepArray), _w, ToBlock(values[0]), count));
        Expression[] dimensions = values[0] is ContainerValue x ? [.. sizes, .. x.Dimensions] : sizes;
        return new ContainerValue(e.Type, Once(Expression.Property(block, nameof(Block.Offset))), dimensions) { IsActive = IsActive(values[0]) && _differentiates, IsFresh = true };
    }

    private ContainerValue AppendedArrays(IrBuiltinCall e, Value[] values)
    {
        var a = (ContainerValue)values[0];
        var b = (ContainerValue)values[1];
        for (int d = 1; d < a.Dimensions.Length; d++) CheckOperands("append_array", a.Dimensions[d], b.Dimensions[d]);
        Expression[] dimensions = [Once(Expression.Add(a.Dimensions[0], b.Dimensions[0])), .. a.Dimensions.Skip(1)];
        if (e.Type.IsIntegral) return new ContainerValue(e.Type, FromIntBlock(Call(typeof(ArrayFunctions), nameof(ArrayFunctions.AppendInts), _w, ToIntBlock(a), ToIntBlock(b))).Offset, dimensions) { IsFresh = true };
        Expression block = Local(Call(typeof(ArrayFunctions), nameof(ArrayFunctions.Append), _w, ToBlock(a), ToBlock(b)));
        return new ContainerValue(e.Type, Once(Expression.Property(block, nameof(Block.Offset))), dimensions) { IsActive = (a.IsActive || b.IsActive) && _differentiates, IsFresh = true };
    }

    /// <summary>A function that keeps an array's sizes and works on blocks of inner elements.</summary>
    private ContainerValue ArrayFunction(IrBuiltinCall e, ContainerValue x, string method, Expression outer)
    {
        if (e.Type.IsIntegral) return new ContainerValue(e.Type, FromIntBlock(Call(typeof(ArrayFunctions), method + "Ints", _w, ToIntBlock(x), outer)).Offset, x.Dimensions) { IsFresh = true };
        Expression block = Local(Call(typeof(ArrayFunctions), method, _w, ToBlock(x), outer));
        return new ContainerValue(e.Type, Once(Expression.Property(block, nameof(Block.Offset))), x.Dimensions) { IsActive = x.IsActive, IsFresh = true };
    }

    /// <summary>Elements <paramref name="first"/> to <paramref name="last"/> of an array or vector, without copying.</summary>
    private ContainerValue ArrayPart(ContainerValue x, Expression first, Expression last)
    {
        first = Once(first);
        last = Once(last);
        Expression count = Once(Call(typeof(Faults), nameof(Faults.Range), first, last, x.Dimensions[0]));
        Expression inner = Product(x.Dimensions.Skip(1));
        return new ContainerValue(x.Type, Once(Plus(x.Offset, Times(Expression.Subtract(first, Constant(1)), inner))), [count, .. x.Dimensions.Skip(1)]) { IsActive = x.IsActive, IsMutable = x.IsMutable };
    }
}
