using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Design;

/// <summary>The expressions of a model evaluated over one block of rows.</summary>
internal sealed class BlockValues
{
    private readonly Frame _block;
    private readonly ExpressionEvaluator _evaluator;
    private readonly bool[] _isComplete;

    private BlockValues(Frame block, ExpressionEvaluator evaluator)
    {
        _block = block;
        _evaluator = evaluator;
        _isComplete = new bool[block.RowCount];
        Array.Fill(_isComplete, true);
    }

    /// <summary>The variables of the right-hand side.</summary>
    public required Column[] Variables { get; init; }

    /// <summary>The grouping variables.</summary>
    public required Column[] GroupVariables { get; init; }

    /// <summary>The response: nothing, one column, or successes and failures.</summary>
    public required Column[] Response { get; init; }

    /// <summary>The sum of the offsets, or null where there is none.</summary>
    public double[]? Offset { get; private set; }

    /// <summary>The weights, or null.</summary>
    public double[]? Weights { get; private set; }

    /// <summary>The trials, or null.</summary>
    public double[]? Trials { get; private set; }

    /// <summary>The number of rows.</summary>
    public int Rows => _isComplete.Length;

    /// <summary>Whether no value is missing in each row.</summary>
    public bool[] IsComplete => _isComplete;

    /// <summary>The name and row (in the block) of the first missing value, if there is one.</summary>
    public (string Name, int Row)? FirstMissing { get; private set; }

    /// <summary>Evaluates <paramref name="expressions"/>.</summary>
    /// <exception cref="FormulaException">An expression does not fit the data.</exception>
    public static BlockValues Evaluate(RowExpressions expressions, Frame block, ILearnedCalls learned)
    {
        var evaluator = new ExpressionEvaluator(block, learned);
        Column[] All(IReadOnlyList<Expression> parts) => [.. parts.Select(evaluator.Rows)];
        var values = new BlockValues(block, evaluator)
        {
            Variables = All(expressions.Variables),
            GroupVariables = All(expressions.GroupVariables),
            Response = All(expressions.Response),
        };
        foreach (Column column in values.Variables.Concat(values.GroupVariables).Concat(values.Response)) values.MarkMissing(column);
        foreach (Expression offset in expressions.Offsets) values.AddOffset(values.Numbers(offset));
        values.Weights = expressions.Weights is { } weights ? values.Numbers(weights) : null;
        values.Trials = expressions.Trials is { } trials ? values.Numbers(trials) : null;
        return values;
    }

    private static bool HasMissing(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            if (double.IsNaN(value)) return true;
        return false;
    }

    private double[] Numbers(Expression expression)
    {
        Column column = _evaluator.Rows(expression);
        double[] numbers = ColumnConversion.Doubles(column, expression).ToArray();
        MarkMissing(column);
        return numbers;
    }

    private void AddOffset(double[] offset)
    {
        Offset ??= new double[Rows];
        for (int i = 0; i < offset.Length; i++) Offset[i] += offset[i];
    }

    private void MarkMissing(Column column)
    {
        if (column is NumericColumn numbers ? !HasMissing(numbers.Values) : column is Factor factor && !factor.Codes.Contains(-1)) return;
        for (int row = 0; row < _block.RowCount; row++)
        {
            if (!column.IsMissing(row)) continue;
            _isComplete[row] = false;
            if (FirstMissing is not { } first || row < first.Row) FirstMissing = (column.Name, row);
        }
    }
}
