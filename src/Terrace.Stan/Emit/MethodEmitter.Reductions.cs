using System.Linq.Expressions;
using Terrace.Stan.Emit.Loops;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Inside scalar loops, containers that are filled anew in every round, and sums over neighbouring elements.</summary>
internal sealed partial class MethodEmitter
{
    /// <summary>Memory for a container that every round fills: taken once, before the rounds.</summary>
    private void DeclareScratch(IrSymbol symbol)
    {
        ParameterExpression size = (Once(Int(symbol.Sizes[0])) as ParameterExpression) ?? NewConstant(symbol);
        LoopLevel root = _level!;
        while (root.Outer is not null) root = root.Outer;
        if (root.Variant.Contains(size)) throw new NotAScalarLoopException();
        ParameterExpression offset = Expression.Variable(typeof(int), symbol.Name);
        _locals.Add(offset);
        root.Allocations.Add(Expression.IfThen(Expression.LessThan(size, Constant(0)), Call(typeof(Faults), nameof(Faults.NegativeSize), Expression.Constant(symbol.Name), size)));
        root.Allocations.Add(Expression.Assign(offset, Call(nameof(Workspace.DeclareReals), size)));
        _storage[symbol] = new Storage { Offset = offset, Dimensions = [size], IsActive = IsActiveSymbol(symbol), IsMutable = true };
    }

    private ParameterExpression NewConstant(IrSymbol symbol)
    {
        if (symbol.Sizes[0] is not IrInteger size) throw new NotAScalarLoopException();
        return Local(Expression.Add(Constant(size.Value), Constant(0)));
    }

    /// <summary>log_sum_exp, sum or dot_product of elements that lie side by side.</summary>
    private ScalarValue Reduction(IrBuiltinCall e)
    {
        ContainerValue x = Container(e.Arguments[0]);
        Expression offset = Once(x.Offset), count = Once(x.Dimensions[0]);
        if (e.Arguments.Count == 2)
        {
            ContainerValue y = Container(e.Arguments[1]);
            Expression other = Once(y.Offset);
            if (!ReferenceEquals(count, y.Dimensions[0])) EmitCheck(Expression.NotEqual(count, y.Dimensions[0]), Call(typeof(Faults), nameof(Faults.Operands), Expression.Constant(e.Name), count, y.Dimensions[0]));
            ParameterExpression product = Local(Call(typeof(SpanReductions), nameof(SpanReductions.Dot), _v, offset, other, count));
            if (!x.IsActive && !y.IsActive) return new ScalarValue(StanType.Real, product);
            return new ScalarValue(StanType.Real, product, new SpanNode(seed =>
            {
                seed = Once(seed);
                if (x.IsActive) Emit(Call(typeof(SpanReductions), nameof(SpanReductions.DotBack), _v, _a, offset, other, count, seed));
                if (y.IsActive) Emit(Call(typeof(SpanReductions), nameof(SpanReductions.DotBack), _v, _a, other, offset, count, seed));
                Touch(x);
                Touch(y);
            }));
        }
        string name = e.Name == "sum" ? nameof(SpanReductions.Sum) : nameof(SpanReductions.LogSumExp);
        ParameterExpression value = Local(Call(typeof(SpanReductions), name, _v, offset, count));
        if (!x.IsActive) return new ScalarValue(StanType.Real, value);
        return new ScalarValue(StanType.Real, value, new SpanNode(seed =>
        {
            Emit(Call(typeof(SpanReductions), name + "Back", _v, _a, offset, count, value, seed));
            Touch(x);
        }));
    }

    private void Touch(ContainerValue x)
    {
        if (x.Scratch is not null) Touched.Add(x.Scratch);
    }
}
