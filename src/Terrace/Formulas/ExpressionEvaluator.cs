using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>Applies functions whose result depends on the whole column (<c>factor</c>, <c>poly</c>, <c>scale</c> …) as they were learned from the training data.</summary>
internal interface ILearnedCalls
{
    /// <summary>The value of <paramref name="call"/> for the rows of <paramref name="argument"/>, its evaluated first argument.</summary>
    Column Apply(CallExpression call, Column argument);
}

/// <summary>
/// Evaluates expressions over the rows of a table with R's meaning: arithmetic, comparisons and logic with missing values, functions by element. Functions that
/// depend on the whole column are left to what a model frame has learned.
/// </summary>
public sealed class ExpressionEvaluator
{
    private readonly Frame _rows;
    private readonly ILearnedCalls? _learned;

    internal ExpressionEvaluator(Frame rows, ILearnedCalls? learned)
    {
        _rows = rows;
        _learned = learned;
    }

    /// <summary>The value of <paramref name="expression"/> for every row: a numeric, integer, logical, text or date column or a factor, named as R deparses it.</summary>
    /// <exception cref="FormulaException">An unknown variable or function, or a value of the wrong type; the message shows where.</exception>
    public static Column Evaluate(Expression expression, Frame rows)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(rows);
        return new ExpressionEvaluator(rows, null).Rows(expression);
    }

    /// <summary>The value for every row.</summary>
    internal Column Rows(Expression expression)
    {
        Operand value = Value(expression);
        if (value.Shape == OperandShape.List) throw expression.Place.Fault("c() and ':' make lists, which can only be arguments of a function.");
        Column column = value.Column;
        if (value.Shape == OperandShape.Scalar) column = column.Select(new int[_rows.RowCount]);
        string name = expression.ToString();
        return column.Name == name ? column : column.WithName(name);
    }

    /// <summary>The value of an expression without variables.</summary>
    internal Column Constant(Expression expression) => Value(expression).Column;

    internal Operand Value(Expression expression) => expression switch
    {
        NumberExpression number => Operand.Scalar(new NumericColumn("", [number.Value])),
        TextExpression text => Operand.Scalar(new TextColumn("", [text.Value])),
        LogicalExpression logical => Operand.Scalar(new LogicalColumn("", [logical.Value])),
        NameExpression name => Operand.Rows(Variable(name)),
        ParenthesizedExpression inner => Value(inner.Inner),
        UnaryExpression unary => OperatorEvaluation.Unary(unary, Value(unary.Operand)),
        BinaryExpression binary => OperatorEvaluation.Binary(binary, Value(binary.Left), Value(binary.Right)),
        CallExpression call => Call(call),
        _ => throw expression.Place.Fault($"{expression} has no value."),
    };

    private Column Variable(NameExpression name)
    {
        if (_rows.Find(name.Name) is { } column) return column;
        if (_rows.Columns.Count == 0) throw name.Place.Fault($"There is no variable '{name.Name}' here.");
        IEnumerable<string> known = _rows.Columns.Select(other => other.Name);
        string hint = NearestName.Hint(name.Name, known);
        if (hint.Length == 0) hint = $" The columns are: {string.Join(", ", known.Take(20))}{(_rows.Columns.Count > 20 ? ", …" : "")}.";
        throw name.Place.Fault($"There is no variable '{name.Name}' in {_rows.Source}.{hint}");
    }

    private Operand Call(CallExpression call)
    {
        if (DataDependentFunctions.Contains(call)) return Operand.Rows(Learned(call));
        return FunctionEvaluation.Call(call, this);
    }

    private Column Learned(CallExpression call)
    {
        if (_learned is null) throw call.Place.Fault($"{call.Function}() depends on the whole column, so it can only be used in a model formula.");
        if (call.Arguments.Count == 0) throw call.Place.Fault($"{call.Function}() needs an argument.");
        return _learned.Apply(call, Rows(DataDependentFunctions.FirstArgument(call)));
    }
}
