using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>The functions by element: what a formula may call besides those that depend on the whole column.</summary>
internal static class FunctionEvaluation
{
    private static readonly Dictionary<string, Func<double, double>> OfOneNumber = new(StringComparer.Ordinal)
    {
        ["exp"] = Math.Exp,
        ["sqrt"] = Math.Sqrt,
        ["abs"] = Math.Abs,
        ["log2"] = Math.Log2,
        ["log10"] = Math.Log10,
        ["log1p"] = Log1P,
        ["expm1"] = ExpM1,
        ["sin"] = Math.Sin,
        ["cos"] = Math.Cos,
        ["tan"] = Math.Tan,
        ["asin"] = Math.Asin,
        ["acos"] = Math.Acos,
        ["atan"] = Math.Atan,
        ["sinh"] = Math.Sinh,
        ["cosh"] = Math.Cosh,
        ["tanh"] = Math.Tanh,
        ["floor"] = Math.Floor,
        ["ceiling"] = Math.Ceiling,
        ["trunc"] = Math.Truncate,
        ["sign"] = static x => double.IsNaN(x) ? x : Math.Sign(x),
        ["plogis"] = static x => 1 / (1 + Math.Exp(-x)),
        ["qlogis"] = static p => Math.Log(p / (1 - p)),
    };

    private static readonly Dictionary<string, Func<CallExpression, ExpressionEvaluator, Operand>> Others = new(StringComparer.Ordinal)
    {
        ["I"] = static (call, rows) => rows.Value(call.Match("x")[0]!),
        ["identity"] = static (call, rows) => rows.Value(call.Match("x")[0]!),
        ["log"] = Log,
        ["round"] = Round,
        ["c"] = Combine,
        ["ifelse"] = IfElse,
        ["is.na"] = static (call, rows) => Mapped(call, rows, static (column, _) => Logicals(column, i => column.IsMissing(i))),
        ["as.numeric"] = static (call, rows) => Mapped(call, rows, static (column, source) => new NumericColumn("", ColumnConversion.AsNumeric(column, source))),
        ["as.integer"] = static (call, rows) => Mapped(call, rows, static (column, source) =>
            new NumericColumn("", Array.ConvertAll(ColumnConversion.AsNumeric(column, source), Math.Truncate))),
        ["as.character"] = static (call, rows) => Mapped(call, rows, static (column, _) => new TextColumn("", ColumnConversion.Texts(column))),
        ["as.logical"] = static (call, rows) => Mapped(call, rows, AsLogical),
        ["pmin"] = static (call, rows) => Extreme(call, rows, Math.Min),
        ["pmax"] = static (call, rows) => Extreme(call, rows, Math.Max),
        ["offset"] = static (call, _) => throw call.Place.Fault("offset() can only be a term of its own: y ~ x + offset(z)."),
        ["cbind"] = static (call, _) => throw call.Place.Fault("cbind() can only be the whole response: cbind(successes, failures) ~ x."),
    };

    /// <summary>The value of a call.</summary>
    public static Operand Call(CallExpression call, ExpressionEvaluator rows)
    {
        if (OfOneNumber.TryGetValue(call.Function, out Func<double, double>? function)) return Mapped(call, rows, (column, source) => Map(column, source, function));
        if (Others.TryGetValue(call.Function, out Func<CallExpression, ExpressionEvaluator, Operand>? other)) return other(call, rows);
        IEnumerable<string> known = OfOneNumber.Keys.Concat(Others.Keys).Concat(DataDependentFunctions.Names);
        throw call.Place.Fault($"There is no function '{call.Function}'.{NearestName.Hint(call.Function, known)}");
    }

    /// <summary>log(1 + x) in Kahan's form: the error of rounding 1 + x cancels in the quotient.</summary>
    internal static double Log1P(double x)
    {
        double u = 1 + x;
        return u == 1 || double.IsInfinity(u) ? x : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>exp(x) − 1 in Kahan's form.</summary>
    internal static double ExpM1(double x)
    {
        double u = Math.Exp(x);
        if (u == 1) return x;
        return u - 1 == -1 || double.IsInfinity(u) ? u - 1 : (u - 1) * (x / Math.Log(u));
    }

    private static Operand Mapped(CallExpression call, ExpressionEvaluator rows, Func<Column, Expression, Column> map)
    {
        Expression argument = call.Match("x")[0]!;
        Operand value = rows.Value(argument);
        return new Operand(map(value.Column, argument), value.Shape);
    }

    private static NumericColumn Map(Column column, Expression source, Func<double, double> function)
    {
        double[] values = ColumnConversion.Doubles(column, source).ToArray();
        for (int i = 0; i < values.Length; i++) values[i] = function(values[i]);
        return new NumericColumn("", values);
    }

    private static LogicalColumn Logicals(Column column, Func<int, bool?> value) => new("", [.. Enumerable.Range(0, column.Count).Select(value)]);

    private static LogicalColumn AsLogical(Column column, Expression source)
    {
        if (column is TextColumn or Factor)
            return Logicals(column, i => column.TextAt(i) switch { "TRUE" or "true" or "True" or "T" => true, "FALSE" or "false" or "False" or "F" => false, _ => null });
        sbyte[] truths = ColumnConversion.Truths(column, source);
        return Logicals(column, i => truths[i] < 0 ? null : truths[i] == 1);
    }

    private static Operand Log(CallExpression call, ExpressionEvaluator rows)
    {
        Expression?[] arguments = call.Match("x", "base");
        Operand value = rows.Value(arguments[0]!);
        if (arguments[1] is null) return new Operand(Map(value.Column, arguments[0]!, Math.Log), value.Shape);
        double b = ConstantArguments.Number(arguments[1], Math.E);
        Func<double, double> log = b switch { 2 => Math.Log2, 10 => Math.Log10, _ => x => Math.Log(x) / Math.Log(b) };
        return new Operand(Map(value.Column, arguments[0]!, log), value.Shape);
    }

    private static Operand Round(CallExpression call, ExpressionEvaluator rows)
    {
        Expression?[] arguments = call.Match("x", "digits");
        double digits = ConstantArguments.Number(arguments[1], 0);
        if (digits is not (>= -15 and <= 15) || digits != Math.Floor(digits)) throw call.Place.Fault("round() takes from -15 to 15 digits.");
        Operand value = rows.Value(arguments[0]!);
        return new Operand(Map(value.Column, arguments[0]!, x => DecimalRounding.Round(x, (int)digits)), value.Shape);
    }

    private static Operand Combine(CallExpression call, ExpressionEvaluator rows)
    {
        Column[] parts = [.. call.Arguments.Select(argument => Part(argument.Value, rows))];
        if (parts.Any(part => part is TextColumn)) return Operand.List(new TextColumn("", [.. parts.SelectMany(ColumnConversion.Texts)]));
        if (parts.Length > 0 && parts.All(part => part is LogicalColumn))
            return Operand.List(new LogicalColumn("", [.. parts.SelectMany(part => ((LogicalColumn)part).Values.ToArray())]));
        return Operand.List(new NumericColumn("", [.. parts.SelectMany(part => ColumnConversion.Doubles(part, call).ToArray())]));
    }

    private static Column Part(Expression part, ExpressionEvaluator rows)
    {
        Operand value = rows.Value(part);
        return value.Shape == OperandShape.Rows ? throw part.Place.Fault("c() takes constants only.") : value.Column;
    }

    private static Operand IfElse(CallExpression call, ExpressionEvaluator rows)
    {
        Expression?[] arguments = call.Match("test", "yes", "no");
        if (arguments[1] is null || arguments[2] is null) throw call.Place.Fault("ifelse() needs three arguments: ifelse(test, yes, no).");
        Operand test = rows.Value(arguments[0]!), yes = rows.Value(arguments[1]!), no = rows.Value(arguments[2]!);
        (OperandShape shape, int count) = Operand.Common(call, test, yes, no);
        sbyte[] truths = ColumnConversion.Truths(test.Column, arguments[0]!);
        T[] Chosen<T>(T[] a, T[] b, T missing) => [.. Enumerable.Range(0, count).Select(i => truths[i * test.Step] switch
        {
            < 0 => missing,
            0 => b[i * no.Step],
            _ => a[i * yes.Step],
        })];
        if (yes.Column is TextColumn or Factor || no.Column is TextColumn or Factor)
            return new Operand(new TextColumn("", Chosen<string?>(ColumnConversion.Texts(yes.Column), ColumnConversion.Texts(no.Column), null)), shape);
        if (yes.Column is LogicalColumn a && no.Column is LogicalColumn b)
            return new Operand(new LogicalColumn("", Chosen<bool?>(a.Values.ToArray(), b.Values.ToArray(), null)), shape);
        double[] x = ColumnConversion.Doubles(yes.Column, arguments[1]!).ToArray(), y = ColumnConversion.Doubles(no.Column, arguments[2]!).ToArray();
        return new Operand(new NumericColumn("", Chosen(x, y, double.NaN)), shape);
    }

    private static Operand Extreme(CallExpression call, ExpressionEvaluator rows, Func<double, double, double> choose)
    {
        if (call.Arguments.Count == 0) throw call.Place.Fault($"{call.Function}() needs an argument.");
        Operand[] operands = [.. call.Arguments.Select(argument => rows.Value(argument.Value))];
        (OperandShape shape, int count) = Operand.Common(call, operands);
        var values = new double[count];
        for (int k = 0; k < operands.Length; k++)
        {
            ReadOnlySpan<double> next = ColumnConversion.Doubles(operands[k].Column, call.Arguments[k].Value);
            for (int i = 0; i < count; i++) values[i] = k == 0 ? next[i * operands[k].Step] : choose(values[i], next[i * operands[k].Step]);
        }
        return new Operand(new NumericColumn("", values), shape);
    }
}
