namespace Terrace.Formulas;

/// <summary>Walks over expression trees.</summary>
internal static class ExpressionParts
{
    /// <summary>The direct parts of an expression, left to right.</summary>
    public static IEnumerable<Expression> Parts(this Expression expression) => expression switch
    {
        ParenthesizedExpression inner => [inner.Inner],
        UnaryExpression unary => [unary.Operand],
        BinaryExpression binary => [binary.Left, binary.Right],
        CallExpression call => call.Arguments.Select(argument => argument.Value),
        _ => [],
    };

    /// <summary>The expression and everything in it, in the order of the text (an operator before its operands).</summary>
    public static IEnumerable<Expression> SelfAndParts(this Expression expression)
    {
        var pending = new Stack<Expression>();
        pending.Push(expression);
        while (pending.TryPop(out Expression? next))
        {
            yield return next;
            foreach (Expression part in next.Parts().Reverse()) pending.Push(part);
        }
    }

    /// <summary>The expression with its outer parentheses taken off.</summary>
    public static Expression WithoutParentheses(this Expression expression)
    {
        while (expression is ParenthesizedExpression inner) expression = inner.Inner;
        return expression;
    }
}
