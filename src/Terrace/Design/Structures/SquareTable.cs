using System.Globalization;
using Terrace.Data;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.Design.Structures;

/// <summary>A symmetric table in a CSV file: the header names the levels, and so may a first column.</summary>
internal static class SquareTable
{
    /// <summary>Whether the table has as many columns of values as rows, and, with a first column of names, the same names in both.</summary>
    public static bool IsSquare(Frame table) =>
        table.Columns.Count == table.RowCount || table.Columns.Count == table.RowCount + 1 && table.Columns.Skip(1).Select((column, j) => column.Name == table.Columns[0].TextAt(j)).All(same => same);

    /// <summary>The levels and the values.</summary>
    /// <exception cref="DataException">The table is not square or not symmetric, or a value is no number.</exception>
    public static (IReadOnlyList<string> Levels, Matrix Values) Of(Frame table, string path)
    {
        if (!IsSquare(table)) throw new DataException($"{path} is no square table: it has {table.RowCount} rows and {table.Columns.Count} columns; the header names the levels, a first column may name them again in the same order.");
        int n = (int)table.RowCount, first = table.Columns.Count - n;
        string[] levels = [.. table.Columns.Skip(first).Select(column => column.Name)];
        var values = new Matrix(n, n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) values[i, j] = Number(table.Columns[first + j], i, path);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++)
                if (Math.Abs(values[i, j] - values[j, i]) > 1e-8 * (Math.Abs(values[i, i]) + Math.Abs(values[j, j]))) throw new DataException($"{path} is not symmetric: '{levels[i]}' with '{levels[j]}' has {values[i, j]}, the other way round {values[j, i]}.");
        return (levels, values);
    }

    private static double Number(Column column, int row, string path) =>
        double.TryParse(column.TextAt(row), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
            : throw new DataException($"{path}, row {row + 1}, column '{column.Name}': '{column.TextAt(row)}' is no number.");
}
