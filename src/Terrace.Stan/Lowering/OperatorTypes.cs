using Terrace.Stan.Types;

namespace Terrace.Stan.Lowering;

/// <summary>The types that operators give (Stan functions reference, "Matrix arithmetic operators" and its neighbours); null where an operator is not defined.</summary>
internal static class OperatorTypes
{
    /// <summary>The result of an infix operator.</summary>
    public static StanType? Infix(string sign, StanType left, StanType right)
    {
        if (left.Base == BaseType.Error || right.Base == BaseType.Error) return StanType.Error;
        if (sign is "^" or ".^" && (left.Depth > 0 || right.Depth > 0)) return Power(sign, left, right);
        if (left.Depth > 0 || right.Depth > 0) return null;
        if (left.Base > BaseType.Matrix || right.Base > BaseType.Matrix || left.Base == BaseType.Complex || right.Base == BaseType.Complex) return null;
        return sign switch
        {
            "||" or "&&" => left.IsScalar && right.IsScalar ? StanType.Int : null,
            "==" or "!=" or "<" or "<=" or ">" or ">=" => left.IsScalar && right.IsScalar ? StanType.Int : null,
            "%" or "%/%" => left.IsInt && right.IsInt ? StanType.Int : null,
            "+" or "-" => Sum(left, right),
            "*" => Product(left, right),
            "/" => Quotient(left, right),
            "\\" => LeftQuotient(left, right),
            ".*" or "./" => Elementwise(left, right),
            "^" or ".^" => Power(sign, left, right),
            _ => null,
        };
    }

    private static StanType Scalar(StanType left, StanType right) => left.IsInt && right.IsInt ? StanType.Int : StanType.Real;

    private static StanType? Sum(StanType left, StanType right)
    {
        if (left.IsScalar && right.IsScalar) return Scalar(left, right);
        if (left.IsScalar) return right;
        if (right.IsScalar) return left;
        return left.Equals(right) ? left : null;
    }

    private static StanType? Product(StanType left, StanType right)
    {
        if (left.IsScalar && right.IsScalar) return Scalar(left, right);
        if (left.IsScalar) return right;
        if (right.IsScalar) return left;
        return (left.Base, right.Base) switch
        {
            (BaseType.RowVector, BaseType.Vector) => StanType.Real,
            (BaseType.Vector, BaseType.RowVector) => StanType.Matrix,
            (BaseType.Matrix, BaseType.Vector) => StanType.Vector,
            (BaseType.RowVector, BaseType.Matrix) => StanType.RowVector,
            (BaseType.Matrix, BaseType.Matrix) => StanType.Matrix,
            _ => null,
        };
    }

    private static StanType? Quotient(StanType left, StanType right)
    {
        if (right.IsScalar) return left.IsScalar ? Scalar(left, right) : left;
        if (right.Base != BaseType.Matrix) return null;
        return left.Base is BaseType.RowVector or BaseType.Matrix ? left : null;
    }

    private static StanType? LeftQuotient(StanType left, StanType right) => left.Base == BaseType.Matrix && right.Base is (BaseType.Vector or BaseType.Matrix) ? right : null;

    private static StanType? Elementwise(StanType left, StanType right)
    {
        if (left.IsScalar && right.IsScalar) return Scalar(left, right);
        if (left.Equals(right)) return left;
        if (left.IsScalar) return right;
        return right.IsScalar ? left : null;
    }

    private static StanType? Power(string sign, StanType left, StanType right)
    {
        if (left.IsScalar && right.IsScalar) return StanType.Real;
        if (sign == "^" && left.Equals(StanType.Matrix) && right.IsInt) return StanType.Matrix;
        if (left.IsScalar) return right.AsReal;
        if (right.IsScalar) return left.AsReal;
        return left.AsReal.Equals(right.AsReal) ? left.AsReal : null;
    }

    /// <summary>The result of a prefix operator.</summary>
    public static StanType? Prefix(string sign, StanType operand)
    {
        if (operand.Base == BaseType.Error) return StanType.Error;
        if (operand.Base > BaseType.Matrix || operand.Base == BaseType.Complex) return null;
        if (sign == "!") return operand.IsScalar ? StanType.Int : null;
        return operand.Depth == 0 || sign == "-" ? operand : null;
    }

    /// <summary>The transpose.</summary>
    public static StanType? Transpose(StanType operand) => operand.Depth > 0 ? null : operand.Base switch
    {
        BaseType.Vector => StanType.RowVector,
        BaseType.RowVector => StanType.Vector,
        BaseType.Matrix => StanType.Matrix,
        BaseType.Error => StanType.Error,
        _ => null,
    };
}
