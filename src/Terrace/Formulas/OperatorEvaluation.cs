using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>The operators by element: arithmetic on doubles, comparisons, logic with three values (<c>FALSE &amp; NA</c> is FALSE, <c>TRUE | NA</c> is TRUE).</summary>
internal static class OperatorEvaluation
{
    /// <summary>A prefix operator.</summary>
    public static Operand Unary(UnaryExpression unary, Operand operand)
    {
        (OperandShape shape, _) = Operand.Common(unary, operand);
        if (unary.Operator == "!")
        {
            sbyte[] truths = ColumnConversion.Truths(operand.Column, unary.Operand);
            return new Operand(Logical(truths.Length, i => truths[i] < 0 ? null : truths[i] == 0), shape);
        }
        double[] values = ColumnConversion.Doubles(operand.Column, unary.Operand).ToArray();
        if (unary.Operator == "-")
            for (int i = 0; i < values.Length; i++) values[i] = -values[i];
        return new Operand(new NumericColumn("", values), shape);
    }

    /// <summary>An operator between two operands.</summary>
    public static Operand Binary(BinaryExpression binary, Operand left, Operand right)
    {
        if (binary.Operator == "%in%") return new Operand(IsIn(left.Column, right.Column), left.Shape);
        if (binary.Operator == ":") return Range(binary, left, right);
        (OperandShape shape, int count) = Operand.Common(binary, left, right);
        return new Operand(binary.Operator switch
        {
            "&" or "&&" or "|" or "||" => Logic(binary, left, right, count),
            "==" or "!=" or "<" or "<=" or ">" or ">=" => Comparison(binary, left, right, count),
            _ => Arithmetic(binary, left, right, count),
        }, shape);
    }

    private static LogicalColumn Logical(int count, Func<int, bool?> value)
    {
        var values = new bool?[count];
        for (int i = 0; i < count; i++) values[i] = value(i);
        return new LogicalColumn("", values);
    }

    private static NumericColumn Arithmetic(BinaryExpression binary, Operand left, Operand right, int count)
    {
        ReadOnlySpan<double> a = ColumnConversion.Doubles(left.Column, binary.Left), b = ColumnConversion.Doubles(right.Column, binary.Right);
        Func<double, double, double> operation = binary.Operator switch
        {
            "+" => static (x, y) => x + y,
            "-" => static (x, y) => x - y,
            "*" => static (x, y) => x * y,
            "/" => static (x, y) => x / y,
            "^" => static (x, y) => y == 2 ? x * x : Math.Pow(x, y),
            "%%" => static (x, y) => y == 0 ? double.NaN : x - Math.Floor(x / y) * y,
            "%/%" => static (x, y) => Math.Floor(x / y),
            _ => throw binary.Place.Fault($"'{binary.Operator}' has no value here."),
        };
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = operation(a[i * left.Step], b[i * right.Step]);
        return new NumericColumn("", values);
    }

    private static LogicalColumn Logic(BinaryExpression binary, Operand left, Operand right, int count)
    {
        sbyte[] a = ColumnConversion.Truths(left.Column, binary.Left), b = ColumnConversion.Truths(right.Column, binary.Right);
        sbyte decisive = binary.Operator is "&" or "&&" ? (sbyte)0 : (sbyte)1;
        return Logical(count, i =>
        {
            sbyte x = a[i * left.Step], y = b[i * right.Step];
            if (x == decisive || y == decisive) return decisive == 1;
            return x < 0 || y < 0 ? null : decisive == 0;
        });
    }

    private static bool IsCategorical(Column column) => column is TextColumn or Factor or DateColumn;

    private static LogicalColumn Comparison(BinaryExpression binary, Operand left, Operand right, int count)
    {
        Func<int, bool> holds = binary.Operator switch
        {
            "==" => static order => order == 0,
            "!=" => static order => order != 0,
            "<" => static order => order < 0,
            "<=" => static order => order <= 0,
            ">" => static order => order > 0,
            _ => static order => order >= 0,
        };
        if (IsCategorical(left.Column) || IsCategorical(right.Column)) return CompareTexts(binary, left, right, count, holds);
        double[] a = ColumnConversion.Doubles(left.Column, binary.Left).ToArray(), b = ColumnConversion.Doubles(right.Column, binary.Right).ToArray();
        return Logical(count, i =>
        {
            double x = a[i * left.Step], y = b[i * right.Step];
            return double.IsNaN(x) || double.IsNaN(y) ? null : holds(x.CompareTo(y));
        });
    }

    private static LogicalColumn CompareTexts(BinaryExpression binary, Operand left, Operand right, int count, Func<int, bool> holds)
    {
        Factor? factor = left.Column as Factor ?? right.Column as Factor;
        bool byOrder = binary.Operator is not ("==" or "!=");
        if (byOrder && factor is { IsOrdered: false }) throw binary.Place.Fault($"The levels of a factor have no order here; make it ordered, or compare with == or %in%.");
        string?[] a = ColumnConversion.Texts(left.Column), b = ColumnConversion.Texts(right.Column);
        Func<string, string, int> compare = string.CompareOrdinal;
        if (byOrder && factor is not null) compare = (x, y) => Position(binary, factor, x).CompareTo(Position(binary, factor, y));
        return Logical(count, i => a[i * left.Step] is { } x && b[i * right.Step] is { } y ? holds(compare(x, y)) : null);
    }

    private static int Position(BinaryExpression binary, Factor factor, string level)
    {
        for (int i = 0; i < factor.Levels.Count; i++)
            if (factor.Levels[i] == level) return i;
        throw binary.Place.Fault($"'{level}' is no level of the ordered factor.{NearestName.Hint(level, factor.Levels)}");
    }

    private static LogicalColumn IsIn(Column column, Column list)
    {
        var texts = new HashSet<string?>(ColumnConversion.Texts(list), StringComparer.Ordinal);
        string?[] values = ColumnConversion.Texts(column);
        return Logical(values.Length, i => texts.Contains(values[i]));
    }

    private static Operand Range(BinaryExpression binary, Operand left, Operand right)
    {
        if (left.Column.Count != 1 || right.Column.Count != 1 || left.Shape == OperandShape.Rows || right.Shape == OperandShape.Rows)
            throw binary.Place.Fault("Inside a function, ':' makes a range of numbers, such as 1:3.");
        double from = ColumnConversion.Doubles(left.Column, binary.Left)[0], to = ColumnConversion.Doubles(right.Column, binary.Right)[0];
        if (!(Math.Abs(to - from) < 100_000)) throw binary.Place.Fault("This range is too long.");
        int step = from <= to ? 1 : -1;
        return Operand.List(new NumericColumn("", [.. Enumerable.Range(0, (int)Math.Floor(Math.Abs(to - from) + 1e-10) + 1).Select(i => from + i * step)]));
    }
}
