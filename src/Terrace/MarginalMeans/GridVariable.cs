using System.Globalization;
using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.MarginalMeans;

/// <summary>A column of the data behind the fixed effects as the reference grid has it: the levels of a factor, or the values of a covariate.</summary>
internal sealed class GridVariable
{
    private readonly Column _column;
    private readonly int[] _representatives;
    private readonly double[] _values;

    private GridVariable(Column column, bool isFactor, string[] levels, int[] representatives, double[] values, int[] codes) =>
        (_column, IsFactor, Levels, _representatives, _values, Codes) = (column, isFactor, levels, representatives, values, codes);

    /// <summary>The column's name.</summary>
    public string Name => _column.Name;

    /// <summary>Whether it has levels; a covariate at several given values has too.</summary>
    public bool IsFactor { get; }

    /// <summary>The levels as text; the value of a covariate.</summary>
    public string[] Levels { get; }

    /// <summary>The level of each used row; empty for a covariate.</summary>
    public int[] Codes { get; }

    /// <summary>The value that a covariate stands at.</summary>
    public double Value => _values[0];

    /// <summary>The column of the grid in which point i has level <paramref name="codes"/>[i].</summary>
    public Column Build(int[] codes) => _values.Length > 0
        ? new NumericColumn(Name, Array.ConvertAll(codes, code => _values[code]))
        : _column.Select(Array.ConvertAll(codes, code => _representatives[code]));

    /// <summary>The variable of <paramref name="column"/> over the used rows; <paramref name="at"/> are the values asked for.</summary>
    /// <exception cref="ModelException">A value asked for is no number, or no level of the factor.</exception>
    public static GridVariable Of(Column column, int[] rows, bool isFactor, IReadOnlyList<string>? at)
    {
        if (!isFactor) return Covariate(column, rows, at);
        int[] firsts = [.. rows.DistinctBy(column.TextAt)];
        string[] all = [.. firsts.Select(row => column.TextAt(row)!)];
        int[] order = Order(column, all);
        string[] levels = [.. order.Select(i => all[i])];
        var place = new Dictionary<string, int>(levels.Select((level, i) => KeyValuePair.Create(level, i)));
        int[] codes = [.. rows.Select(row => place[column.TextAt(row)!])];
        if (at is null) return new GridVariable(column, true, levels, [.. order.Select(i => firsts[i])], [], codes);
        foreach (string value in at)
            if (!place.ContainsKey(value)) throw new ModelException($"'{value}' is no level of '{column.Name}' in the data.{NearestName.Hint(value, levels)} Its levels are: {string.Join(", ", levels.Take(20))}.");
        var kept = new Dictionary<string, int>(at.Select((level, i) => KeyValuePair.Create(level, i)));
        return new GridVariable(column, true, [.. at], [.. at.Select(level => firsts[order[place[level]]])], [], [.. codes.Select(code => kept.GetValueOrDefault(levels[code], -1))]);
    }

    /// <summary>Whether the fixed effects use a column as a factor: it holds categories, or stands in <c>factor()</c>.</summary>
    public static bool IsCategorical(Column column, IEnumerable<ModelVariable> variables) => column is Factor or TextColumn or LogicalColumn
        || variables.Any(variable => variable.IsFactor && variable.ColumnName == column.Name && variable.ColumnName != variable.Name);

    private static GridVariable Covariate(Column column, int[] rows, IReadOnlyList<string>? at)
    {
        if (column is DateColumn) throw new ModelException($"'{column.Name}' is a date, which has no mean; make a number or a factor of it.");
        double[] values = at is null ? [Mean(column, rows)] : [.. at.Select(text => Number(column.Name, text))];
        return new GridVariable(column, values.Length > 1 || at is not null, at is null ? [] : [.. at], [], values, []);
    }

    private static double Mean(Column column, int[] rows)
    {
        ReadOnlySpan<double> values = ColumnConversion.Doubles(column, new NameExpression(column.Name, default));
        double sum = 0, first = values[rows[0]];
        foreach (int row in rows) sum += values[row] - first;
        return first + sum / rows.Length;
    }

    private static double Number(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : throw new ModelException($"'{name}' is a number, and '{text}' is none.");

    private static int[] Order(Column column, string[] levels)
    {
        int[] places = [.. Enumerable.Range(0, levels.Length)];
        if (column is Factor factor)
        {
            string[] known = [.. factor.Levels];
            return [.. places.OrderBy(i => Array.IndexOf(known, levels[i]))];
        }
        bool numbers = levels.All(level => double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        return numbers ? [.. places.OrderBy(i => double.Parse(levels[i], CultureInfo.InvariantCulture))] : [.. places.OrderBy(i => levels[i], StringComparer.Ordinal)];
    }
}
