using System.Globalization;
using Terrace.Data;

namespace Terrace.Cli.Printing;

/// <summary>The table that <c>terrace describe</c> prints.</summary>
internal static class DescribeText
{
    private const int LevelsShown = 12;
    private const int LevelsWidth = 70;
    private const int ValueWidth = 40;

    /// <summary>Writes the description of <paramref name="data"/>.</summary>
    public static void Write(TextWriter output, DataDescription data)
    {
        output.WriteLine($"{data.Source}: {NumberText.Count(data.Rows)} {(data.Rows == 1 ? "row" : "rows")}, {data.Variables.Count} {(data.Variables.Count == 1 ? "variable" : "variables")}");
        output.WriteLine();
        bool labels = data.Variables.Any(variable => variable.Label is not null);
        ScreenTable table = new ScreenTable().Words("variable").Words("type").Numbers("missing").Numbers("min").Numbers("mean").Numbers("max");
        table.Words("values (rows)", LevelsWidth);
        if (labels) table.Words("label", 40);
        foreach (VariableDescription variable in data.Variables)
        {
            string?[] cells =
            [
                variable.Name, variable.Type.Word(), NumberText.Count(variable.Missing),
                Bound(variable.Minimum, variable.Earliest), variable.Mean is null ? "" : NumberText.Significant(variable.Mean),
                Bound(variable.Maximum, variable.Latest), Levels(variable),
            ];
            table.Add(labels ? [.. cells, variable.Label] : cells);
        }
        table.Write(output);
    }

    private static string Bound(double? number, DateOnly? date) =>
        date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? (number is null ? "" : NumberText.Significant(number, 7));

    private static string Levels(VariableDescription variable)
    {
        if ((variable.Levels ?? variable.Values) is not { } levels) return variable.Type == ColumnType.Text ? $"more than {NumberText.Count(DataDescription.MaximumTexts)} different texts" : "";
        string shown = string.Join(", ", levels.Take(LevelsShown).Select(level => $"{Shortened(level.Value)} ({NumberText.Count(level.Count)})"));
        return levels.Count <= LevelsShown ? shown : $"{levels.Count}: {shown}, …";
    }

    private static string Shortened(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= ValueWidth ? line : line[..(ValueWidth - 1)] + "…";
    }
}
