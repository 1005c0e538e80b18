namespace Terrace.Formulas;

/// <summary>Writes out the <c>.</c> of a formula as the sum of the columns that it stands for.</summary>
internal static class DotReplacement
{
    /// <summary>The expression with every <c>.</c> outside of function calls replaced by <paramref name="columns"/> (one name, or a sum in parentheses).</summary>
    /// <exception cref="FormulaException">There are too many columns for one sum.</exception>
    public static Expression Replace(Expression terms, IReadOnlyList<Expression> columns)
    {
        Expression sum = columns[0];
        foreach (Expression column in columns.Skip(1)) sum = new BinaryExpression("+", sum, column, column.Place);
        if (sum.Depth > 1000) throw columns[0].Place.Fault($"'.' would stand for {columns.Count} columns, too many for one formula; name the ones you mean.");
        return Replace(terms, columns.Count == 1 ? sum : new ParenthesizedExpression(sum, columns[0].Place));
    }

    private static Expression Replace(Expression terms, Expression columns) => terms switch
    {
        NameExpression { Name: "." } => columns,
        ParenthesizedExpression { Inner: NameExpression { Name: "." } } => columns,
        ParenthesizedExpression inner => new ParenthesizedExpression(Replace(inner.Inner, columns), inner.Place),
        UnaryExpression unary => new UnaryExpression(unary.Operator, Replace(unary.Operand, columns), unary.Place),
        BinaryExpression binary => new BinaryExpression(binary.Operator, Replace(binary.Left, columns), Replace(binary.Right, columns), binary.Place),
        CallExpression call when call.Variables.Contains(".") => throw call.Place.Fault($"'.' cannot stand inside {call.Function}()."),
        _ => terms,
    };
}
