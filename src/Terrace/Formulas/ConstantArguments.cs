using Terrace.Data;

namespace Terrace.Formulas;

/// <summary>Reads arguments that must be constants: numbers, texts, truth values, and <c>c(...)</c> or <c>1:3</c> of them.</summary>
internal static class ConstantArguments
{
    private static readonly Frame NoColumns = new([], "constant");

    /// <summary>A number, or <paramref name="otherwise"/> where the argument is not given.</summary>
    public static double Number(Expression? argument, double otherwise) => argument is null or NullExpression ? otherwise : Single(Numbers(argument)!, argument);

    /// <summary>A whole number of at least <paramref name="least"/>, or null where the argument is not given.</summary>
    public static int? WholeNumber(Expression? argument, int least)
    {
        if (argument is null or NullExpression) return null;
        double value = Single(Numbers(argument)!, argument);
        if (value < least || value != Math.Floor(value) || value > 1000) throw argument.Place.Fault($"This must be a whole number from {least} to 1000.");
        return (int)value;
    }

    /// <summary>TRUE or FALSE, or <paramref name="otherwise"/> where the argument is not given.</summary>
    public static bool Flag(Expression? argument, bool otherwise)
    {
        if (argument is null or NullExpression) return otherwise;
        return Evaluate(argument) is LogicalColumn { Count: 1 } logical && logical.Values[0] is { } value ? value : throw argument.Place.Fault("This must be TRUE or FALSE.");
    }

    /// <summary>Numbers, or null where the argument is not given.</summary>
    public static double[]? Numbers(Expression? argument)
    {
        if (argument is null or NullExpression) return null;
        return ColumnConversion.Doubles(Evaluate(argument), argument).ToArray();
    }

    /// <summary>Texts (numbers are written out), or null where the argument is not given.</summary>
    public static string[]? Texts(Expression? argument)
    {
        if (argument is null or NullExpression) return null;
        Column column = Evaluate(argument);
        return [.. Enumerable.Range(0, column.Count).Select(i => column.TextAt(i) ?? throw argument.Place.Fault("NA cannot stand here."))];
    }

    private static double Single(double[] values, Expression argument) => values.Length == 1 ? values[0] : throw argument.Place.Fault("One number must stand here.");

    private static Column Evaluate(Expression argument)
    {
        if (argument.Variables.Count > 0) throw argument.Place.Fault("A constant must stand here, not a variable.");
        return new ExpressionEvaluator(NoColumns, null).Constant(argument);
    }
}
