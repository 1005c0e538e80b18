using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>Chooses rows by a condition, such as <c>age &gt;= 18 &amp; state != "DC"</c>. Where the condition is missing, the row is not chosen.</summary>
public sealed class RowFilter
{
    private readonly Expression _condition;

    private RowFilter(Expression condition) => _condition = condition;

    /// <summary>Parses a condition.</summary>
    /// <exception cref="FormulaException">The text is no expression.</exception>
    public static RowFilter Parse(string condition) => new(Expression.Parse(condition));

    /// <summary>Whether each row of <paramref name="rows"/> fulfils the condition.</summary>
    /// <exception cref="FormulaException">The condition names an unknown variable, or is neither true nor false.</exception>
    public bool[] Choose(Frame rows)
    {
        Column column = ExpressionEvaluator.Evaluate(_condition, rows);
        if (column is not LogicalColumn)
            throw _condition.Place.Fault($"'{_condition}' is {ColumnConversion.Kind(column)}; a condition must be TRUE or FALSE for each row, such as a comparison: {_condition} == 1.");
        sbyte[] truths = ColumnConversion.Truths(column, _condition);
        return Array.ConvertAll(truths, truth => truth == 1);
    }

    /// <summary>The rows of <paramref name="rows"/> that fulfil the condition.</summary>
    public Frame Apply(Frame rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        bool[] chosen = Choose(rows);
        return rows.Select([.. Enumerable.Range(0, chosen.Length).Where(row => chosen[row])]);
    }

    /// <summary>The condition as text.</summary>
    public override string ToString() => _condition.ToString();
}
