using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Design.Terms;

/// <summary>Learns what a call that depends on the whole column needs to remember, from that column; missing values are passed over.</summary>
internal static class CallLearning
{
    /// <summary>Learns <paramref name="call"/> from <paramref name="column"/>, its first argument in all rows of the training data.</summary>
    /// <exception cref="FormulaException">The arguments do not fit the function or the column.</exception>
    public static LearnedCall Learn(CallExpression call, Column column) => call.Function switch
    {
        "factor" => Factor(call, column, call.Match("x", "levels", "labels", "ordered")),
        "ordered" => Factor(call, column, [.. call.Match("x", "levels", "labels"), new LogicalExpression(true, call.Place)]),
        "as.factor" => AsFactor(call, column, false),
        "as.ordered" => AsFactor(call, column, true),
        "relevel" => Relevel(call, column),
        "cut" => CutLearning.Learn(call, column),
        "poly" => Polynomial(call, column),
        "ns" => new LearnedSpline(SplineLearning.Natural(call, Present(call, column))),
        "bs" => new LearnedSpline(SplineLearning.BSpline(call, Present(call, column))),
        "scale" => Scale(call, column),
        _ => new LearnedNumber(Statistic(call, Sorted(call, column))),
    };

    /// <summary>The numbers of the column that are not missing.</summary>
    public static double[] Present(CallExpression call, Column column)
    {
        ReadOnlySpan<double> values = ColumnConversion.Doubles(column, DataDependentFunctions.FirstArgument(call));
        var present = new List<double>(values.Length);
        foreach (double value in values)
            if (!double.IsNaN(value)) present.Add(value);
        return present.Count > 0 ? [.. present] : throw call.Place.Fault($"All values of '{column.Name}' are missing, so {call} cannot be learned.");
    }

    private static double[] Sorted(CallExpression call, Column column)
    {
        call.Match("x");
        double[] values = Present(call, column);
        Array.Sort(values);
        return values;
    }

    private static string[] OccurringLevels(Column column)
    {
        var coder = new LevelCoder([]);
        coder.Code(column);
        return [.. LevelCoder.InOrder(column, coder.Levels)];
    }

    private static LearnedFactor Factor(CallExpression call, Column column, Expression?[] arguments)
    {
        string[]? given = ConstantArguments.Texts(arguments[1]);
        string[] levels = given ?? OccurringLevels(column);
        string[] labels = ConstantArguments.Texts(arguments[2]) ?? levels;
        if (labels.Length != levels.Length) throw arguments[2]!.Place.Fault($"There are {labels.Length} labels for {levels.Length} levels.");
        RefuseRepeats(call, levels);
        RefuseRepeats(call, labels);
        bool isOrdered = ConstantArguments.Flag(arguments[3], column is Data.Factor { IsOrdered: true });
        return new LearnedFactor(levels, labels, isOrdered, IsClosed: given is not null);
    }

    private static void RefuseRepeats(CallExpression call, string[] levels)
    {
        if (levels.GroupBy(level => level, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw call.Place.Fault($"The level '{repeated.Key}' is given twice.");
    }

    private static LearnedFactor AsFactor(CallExpression call, Column column, bool isOrdered)
    {
        call.Match("x");
        string[] levels = column is Data.Factor factor ? [.. factor.Levels] : OccurringLevels(column);
        return new LearnedFactor(levels, levels, isOrdered || column is Data.Factor { IsOrdered: true }, IsClosed: false);
    }

    private static LearnedFactor Relevel(CallExpression call, Column column)
    {
        Expression?[] arguments = call.Match("x", "ref");
        if (ConstantArguments.Texts(arguments[1]) is not [string reference]) throw call.Place.Fault("relevel() needs one reference level: relevel(x, ref = \"b\").");
        string[] levels = AsFactor(new CallExpression("as.factor", [call.Arguments[0]], call.Place), column, false).Levels;
        if (!levels.Contains(reference)) throw arguments[1]!.Place.Fault($"'{reference}' is no level of '{column.Name}'.{NearestName.Hint(reference, levels)}");
        string[] reordered = [reference, .. levels.Where(level => level != reference)];
        return new LearnedFactor(reordered, reordered, false, IsClosed: false);
    }

    private static LearnedCall Polynomial(CallExpression call, Column column)
    {
        if (call.Arguments.Where(argument => argument.Name is null).ElementAtOrDefault(1)?.Value is { } second and (NameExpression or CallExpression) && call.Arguments.Any(argument => argument.Name == "degree"))
            throw second.Place.Fault("poly() takes one variable here: write a term for each variable, such as poly(x, 2) + poly(z, 2), and x:z for their product.");
        Expression?[] arguments = call.Match("x", "degree", "raw");
        int degree = ConstantArguments.WholeNumber(arguments[1], 1) ?? 1;
        if (ConstantArguments.Flag(arguments[2], false)) return new LearnedPowers(degree);
        double[] values = Present(call, column);
        int distinct = values.Distinct().Count();
        if (distinct <= degree) throw call.Place.Fault($"A polynomial of degree {degree} needs more than {degree} distinct values; '{column.Name}' has {distinct}.");
        return new LearnedPolynomial(PolynomialBasis.Learn(values, degree));
    }

    private static LearnedScale Scale(CallExpression call, Column column)
    {
        Expression?[] arguments = call.Match("x", "center", "scale");
        double[] values = Present(call, column);
        double center = Setting(arguments[1], 0, () => values.Average());
        double scale = Setting(arguments[2], 1, () => Math.Sqrt(values.Sum(value => (value - center) * (value - center)) / Math.Max(1, values.Length - 1)));
        if (scale == 0) throw call.Place.Fault($"'{column.Name}' does not vary, so it cannot be scaled.");
        return new LearnedScale(center, scale);
    }

    // center and scale are TRUE (learn it), FALSE (do nothing) or a number.
    private static double Setting(Expression? argument, double off, Func<double> learned) => argument switch
    {
        null => learned(),
        LogicalExpression => ConstantArguments.Flag(argument, true) ? learned() : off,
        _ => ConstantArguments.Number(argument, off),
    };

    private static double Statistic(CallExpression call, double[] sorted)
    {
        double mean = sorted.Average();
        double variance = sorted.Sum(value => (value - mean) * (value - mean)) / (sorted.Length - 1);
        return call.Function switch
        {
            "mean" => mean,
            "median" => Quantiles.At(sorted, 0.5),
            "sd" => Math.Sqrt(variance),
            "var" => variance,
            "min" => sorted[0],
            _ => sorted[^1],
        };
    }
}
