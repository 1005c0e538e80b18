using System.Linq.Expressions;
using Terrace.Stan.Ir;
using Terrace.Stan.Runtime;
using Terrace.Stan.Runtime.LinearAlgebra;
using Terrace.Stan.Types;

namespace Terrace.Stan.Emit;

/// <summary>Operators, on numbers with their derivatives and on containers by the runtime.</summary>
internal sealed partial class MethodEmitter
{
    private Value Operator(IrOperator e)
    {
        if (e.Sign is "&&" or "||" or "!" or "==" or "!=" or "<" or "<=" or ">" or ">=") return new ScalarValue(StanType.Int, Expression.Condition(Condition(e), Constant(1), Constant(0)));
        Value[] operands = [.. e.Operands.Select(Evaluate)];
        if (operands.All(operand => operand is ScalarValue))
        {
            if (e.Sign == "neg") return Negate((ScalarValue)operands[0]);
            return Arithmetic(e, (ScalarValue)operands[0], (ScalarValue)operands[1]);
        }
        return ContainerOperator(e, operands);
    }

    private ScalarValue Negate(ScalarValue x)
    {
        if (x.Expression is ConstantExpression { Value: double constant }) return new ScalarValue(x.Type, Constant(-constant));
        return new ScalarValue(x.Type, Expression.Negate(x.Expression), x.Node is null ? null : new OperationNode((x.Node, () => Constant(-1.0))));
    }

    private ScalarValue Arithmetic(IrOperator e, ScalarValue a, ScalarValue b)
    {
        if (e.Type.IsInt) return new ScalarValue(StanType.Int, Integers(e.Sign, a.Expression, b.Expression));
        Expression x = ToDouble(a.Expression), y = ToDouble(b.Expression);
        switch (e.Sign)
        {
            case "+": return Combine(Expression.Add(x, y), (a.Node, () => null), (b.Node, () => null));
            case "-": return Combine(Expression.Subtract(x, y), (a.Node, () => null), (b.Node, () => Constant(-1.0)));
            case "*" or ".*":
                if (b.IsActive) x = Once(x);
                if (a.IsActive) y = Once(y);
                return Combine(Expression.Multiply(x, y), (a.Node, () => y), (b.Node, () => x));
            case "/" or "./":
                if (a.IsActive || b.IsActive) y = Once(y);
                Expression quotient = Expression.Divide(x, y);
                if (b.IsActive) quotient = Once(quotient);
                return Combine(quotient, (a.Node, () => Expression.Divide(Constant(1.0), y)), (b.Node, () => Expression.Negate(Expression.Divide(quotient, y))));
            default: return PowerOf(x, y, a.Node, b.Node);
        }
    }

    private static ScalarValue Combine(Expression value, (DerivativeNode? Node, Func<Expression?> Partial) a, (DerivativeNode? Node, Func<Expression?> Partial) b) =>
        new(StanType.Real, value, a.Node is null && b.Node is null ? null : new OperationNode(a, b));

    private ScalarValue PowerOf(Expression x, Expression y, DerivativeNode? a, DerivativeNode? b)
    {
        if (y is ConstantExpression { Value: 2.0 })
        {
            x = Once(x);
            return Combine(Expression.Multiply(x, x), (a, () => Expression.Multiply(Constant(2.0), x)), (null, () => null));
        }
        return ScalarFunctionCall("Scalars.Powers.Pow", [x, y], [a, b]);
    }

    private Expression Integers(string sign, Expression a, Expression b)
    {
        switch (sign)
        {
            case "+": return Plus(a, b);
            case "-": return (a, b) is (ConstantExpression { Value: int x }, ConstantExpression { Value: int y }) ? Constant(x - y) : Expression.Subtract(a, b);
            case "*" or ".*": return Times(a, b);
            default:
                b = Once(b);
                if (b is not ConstantExpression { Value: not 0 }) Emit(Expression.IfThen(Expression.Equal(b, Constant(0)), Call(typeof(Faults), nameof(Faults.DivisionByZero))));
                // The one quotient that overflows is −2³¹/−1, which .NET would answer with an exception.
                if (b is not ConstantExpression) return Call(typeof(IntegerFunctions), sign == "%" ? nameof(IntegerFunctions.Modulus) : nameof(IntegerFunctions.Quotient), a, b);
                return sign == "%" ? Expression.Modulo(a, b) : Expression.Divide(a, b);
        }
    }

    private Value ContainerOperator(IrOperator e, Value[] operands)
    {
        bool active = operands.Any(IsActive);
        if (e.Type.IsIntegral && e.Sign == "neg")
        {
            var ints = (ContainerValue)operands[0];
            ContainerValue negated = FromIntBlock(Call(typeof(IntegerFunctions), nameof(IntegerFunctions.Negate), _w, ToIntBlock(ints)));
            return new ContainerValue(e.Type, negated.Offset, ints.Dimensions) { IsFresh = true };
        }
        if (e.Sign is "neg" or "'")
        {
            var operand = (ContainerValue)operands[0];
            if (e.Sign == "'" && operand.Type.Base is BaseType.Vector or BaseType.RowVector)
                return new ContainerValue(e.Type, operand.Offset, operand.Dimensions) { IsActive = operand.IsActive, IsFresh = operand.IsFresh, IsMutable = operand.IsMutable };
            Value result = FromBlock(Expression.Call(RuntimeMethods.Find(e.Sign == "neg" ? "LinearAlgebra.Elementwise.Negate" : "LinearAlgebra.Reshaping.Transpose"), _w, ToBlock(operand)), e.Type, active);
            return e.Sign == "neg" ? WithDimensions(result, operand.Dimensions) : result;
        }
        Value left = operands[0], right = operands[1];
        string method = e.Sign switch
        {
            "+" => "Add",
            "-" => "Subtract",
            ".*" => "Multiply",
            "./" => "Divide",
            "*" => "Multiply",
            "/" when right is ScalarValue => "Divide",
            "/" => "MdivideRight",
            "\\" => "MdivideLeft",
            "^" when e.Type.Equals(StanType.Matrix) && right is ScalarValue && e.Sign == "^" && e.Operands[1].Type.IsInt && e.Operands[0].Type.Equals(StanType.Matrix) => "MatrixPower",
            _ => "Power",
        };
        if (method == "MatrixPower") return FromBlock(Expression.Call(RuntimeMethods.Find("LinearAlgebra.MatrixFunctions.Power"), _w, ToBlock(left), ((ScalarValue)right).Expression), e.Type, active);
        if (method is "MdivideRight" or "MdivideLeft") return FromBlock(Expression.Call(RuntimeMethods.Find("LinearAlgebra.Division." + (method == "MdivideRight" ? "Right" : "Left")), _w, ToBlock(left), ToBlock(right)), e.Type, active);
        if (left is ContainerValue && right is ContainerValue && e.Sign == "*")
            return FromBlock(Call(typeof(Products), nameof(Products.Multiply), _w, ToBlock(left), ToBlock(right)), e.Type, active);
        var shape = (ContainerValue)(left is ContainerValue ? left : right);
        if (left is ContainerValue l && right is ContainerValue r)
            for (int d = 0; d < l.Dimensions.Length; d++) CheckOperands(e.Sign, l.Dimensions[d], r.Dimensions[d]);
        Value elementwise = FromBlock(Expression.Call(RuntimeMethods.Find("LinearAlgebra.Elementwise." + method), _w, ToBlock(left), ToBlock(right)), e.Type, active, e.Type.Depth > 0 ? shape.Dimensions[..e.Type.Depth] : null);
        return WithDimensions(elementwise, shape.Dimensions);
    }

    private void CheckOperands(string sign, Expression left, Expression right)
    {
        if (ReferenceEquals(left, right)) return;
        Emit(Expression.IfThen(Expression.NotEqual(left, right), Call(typeof(Faults), nameof(Faults.Operands), Expression.Constant(sign), left, right)));
    }

    /// <summary>The same container with sizes that are known already.</summary>
    private static Value WithDimensions(Value value, Expression[] dimensions) => value is ContainerValue x
        ? new ContainerValue(x.Type, x.Offset, dimensions) { IsActive = x.IsActive, IsFresh = x.IsFresh, IsMutable = x.IsMutable }
        : value;

    /// <summary>Whether a value depends on the parameters.</summary>
    public static bool DependsOnParameters(Value value) => IsActive(value);

    private static bool IsActive(Value value) => value switch
    {
        ScalarValue scalar => scalar.IsActive,
        ContainerValue container => container.IsActive,
        TupleValue tuple => tuple.Elements.Any(IsActive),
        _ => false,
    };

    /// <summary>A function of real numbers with written derivatives, in scalar code.</summary>
    private ScalarValue ScalarFunctionCall(string path, Expression[] arguments, DerivativeNode?[] nodes)
    {
        System.Reflection.MethodInfo function = RuntimeMethods.Find(path);
        if (nodes.All(node => node is null))
        {
            Expression constant = Expression.Call(function, arguments);
            return new ScalarValue(StanType.Real, HoistLevel(constant) is null ? constant : Local(constant));
        }
        for (int k = 0; k < arguments.Length; k++) arguments[k] = Once(arguments[k]);
        ParameterExpression value = Local(Expression.Call(function, arguments));
        // The slope of the logarithm needs no logarithm, so that a round that is run again need not take it.
        if (path == "Scalars.Logarithms.Log") return new ScalarValue(StanType.Real, value, new OperationNode((nodes[0], () => Expression.Divide(Constant(1.0), arguments[0]))));
        if (arguments.Length == 1) return new ScalarValue(StanType.Real, value, new OperationNode((nodes[0], () => Expression.Call(RuntimeMethods.Beside(path, "Slope"), arguments[0], value))));
        ParameterExpression[]? slopes = null;
        // The backward code of a loop may be written twice, so what it needs is computed going forward.
        if (_nest is not null) Slope(0);
        Expression Slope(int k)
        {
            if (slopes is null)
            {
                slopes = [.. arguments.Select(_ => NewLocal(typeof(double)))];
                Emit(Expression.Call(RuntimeMethods.Beside(path, "Slopes"), [.. arguments, value, .. slopes]));
            }
            return slopes[k];
        }
        var edges = new (DerivativeNode?, Func<Expression?>)[arguments.Length];
        for (int k = 0; k < edges.Length; k++)
        {
            int own = k;
            edges[k] = (nodes[k], () => Slope(own));
        }
        return new ScalarValue(StanType.Real, value, new OperationNode(edges));
    }
}
