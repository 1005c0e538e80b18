using System.Globalization;
using Terrace.Data;
using Terrace.Formulas;

namespace Terrace.Design.Terms;

/// <summary>Learns <c>cut(x, breaks)</c>: breaks given as numbers, or as a count of equal intervals over the range of the training data (widened by a thousandth).</summary>
internal static class CutLearning
{
    /// <summary>Learns the breaks and labels.</summary>
    public static LearnedCut Learn(CallExpression call, Column column)
    {
        Expression?[] arguments = call.Match("x", "breaks", "labels", "include.lowest", "right", "dig.lab", "ordered_result");
        if (ConstantArguments.Numbers(arguments[1]) is not { Length: > 0 } given) throw call.Place.Fault("cut() needs breaks: cut(x, c(0, 10, 20)), or their number.");
        double[] breaks = given.Length == 1 ? EqualWidths(call, column, given[0]) : [.. given.Order()];
        if (breaks.Zip(breaks.Skip(1)).Any(pair => pair.First == pair.Second)) throw arguments[1]!.Place.Fault("The breaks must differ.");
        bool isRightClosed = ConstantArguments.Flag(arguments[4], true), includesLowest = ConstantArguments.Flag(arguments[3], false);
        int digits = ConstantArguments.WholeNumber(arguments[5], 1) ?? 3;
        string[] labels = Labels(arguments[2], breaks, digits, isRightClosed, includesLowest);
        if (labels.Length != breaks.Length - 1) throw arguments[2]!.Place.Fault($"There are {labels.Length} labels for {breaks.Length - 1} intervals.");
        if (labels.Distinct(StringComparer.Ordinal).Count() < labels.Length) throw (arguments[2] ?? call).Place.Fault("The labels of the intervals must differ.");
        return new LearnedCut(breaks, labels, isRightClosed, includesLowest, ConstantArguments.Flag(arguments[6], false));
    }

    private static double[] EqualWidths(CallExpression call, Column column, double count)
    {
        if (count is not (>= 2 and <= 1000) || count != Math.Floor(count)) throw call.Place.Fault("The number of intervals must be a whole number from 2 to 1000.");
        double[] values = CallLearning.Present(call, column);
        double low = values.Min(), high = values.Max(), width = high - low;
        if (width == 0) throw call.Place.Fault($"'{column.Name}' does not vary; give the breaks themselves.");
        double[] breaks = [.. Enumerable.Range(0, (int)count + 1).Select(i => low + i * width / count)];
        breaks[0] = low - width / 1000;
        breaks[^1] = high + width / 1000;
        return breaks;
    }

    private static string[] Labels(Expression? argument, double[] breaks, int digits, bool isRightClosed, bool includesLowest)
    {
        int count = breaks.Length - 1;
        if (argument is LogicalExpression { Value: false }) return [.. Enumerable.Range(1, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        if (argument is not null and not NullExpression) return ConstantArguments.Texts(argument)!;
        string[] ends = Ends(breaks, digits);
        return [.. Enumerable.Range(0, count).Select(i => isRightClosed
            ? $"{(includesLowest && i == 0 ? '[' : '(')}{ends[i]},{ends[i + 1]}]"
            : $"[{ends[i]},{ends[i + 1]}{(includesLowest && i == count - 1 ? ']' : ')')}")];
    }

    // As many significant digits as tell the breaks apart, at least the ones asked for.
    private static string[] Ends(double[] breaks, int digits)
    {
        string[] ends = [];
        string infinity = double.IsNegativeInfinity(breaks[0]) ? " Inf" : "Inf"; // R aligns the two.
        for (int d = digits; d <= Math.Max(12, digits); d++)
        {
            ends = Array.ConvertAll(breaks, value => double.IsInfinity(value) ? value < 0 ? "-Inf" : infinity : Significant(value, d));
            if (ends.Distinct(StringComparer.Ordinal).Count() == ends.Length) break;
        }
        return ends;
    }

    // C's %.{digits}g.
    private static string Significant(double value, int digits)
    {
        if (value == 0) return "0";
        double rounded = double.Parse(value.ToString($"e{digits - 1}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(rounded)) + 1e-12);
        if (exponent >= -4 && exponent < digits) return rounded.ToString("0.####################", CultureInfo.InvariantCulture);
        string mantissa = (rounded / Math.Pow(10, exponent)).ToString("0.##############", CultureInfo.InvariantCulture);
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}
