using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>
/// The population as cells: one row for each combination of the key variables, with the number of people in it. Cells are unique and counts are not negative.
/// Keys that a model does not use do no harm; predictors of groups are joined by key.
/// </summary>
public sealed class PoststratificationFrame
{
    private const int MostValuesOfCoding = 10;
    private readonly double[] _counts;

    private PoststratificationFrame(Frame cells, IReadOnlyList<string> keys, double[] counts, string countName)
    {
        Cells = cells;
        Keys = keys;
        _counts = counts;
        CountName = countName;
        Population = counts.Sum();
    }

    /// <summary>The variables of each cell, keys and joined predictors; one row for each cell.</summary>
    public Frame Cells { get; }

    /// <summary>The names of the variables that identify a cell.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The name of the column that the counts came from.</summary>
    public string CountName { get; }

    /// <summary>The number of people in each cell.</summary>
    public ReadOnlySpan<double> Counts => _counts;

    /// <summary>The sum of the counts.</summary>
    public double Population { get; }

    /// <summary>
    /// Makes the frame of a table of counts. The keys are all columns but the count and but columns of fractions (which describe a cell, as a predictor does)
    /// unless they have few values and tell cells apart, as ±0.5 for two sexes does; of a table with fractions only, all columns.
    /// </summary>
    /// <exception cref="DataException">The count column is not there or not of numbers; a count is missing, negative or infinite; no count is positive; a key is
    /// missing; two rows are one cell. The message names the rows.</exception>
    public static PoststratificationFrame FromCounts(Frame table, string countColumn = "N")
    {
        double[] counts = CellCounts.Read(table, countColumn);
        var cells = new Frame(table.Columns.Where(c => c.Name != countColumn), table.Source);
        string[] keys = [.. cells.Columns.Where(IsKey).Select(c => c.Name)];
        if (keys.Length == 0) keys = [.. cells.Columns.Select(c => c.Name)];
        keys = WithCodings(cells, keys);
        if (keys.Length == 0) throw new DataException($"{table.Source} has no column beside '{countColumn}': a population needs at least one variable.");
        var crossing = new Crossing(Crossing.Factors(cells, keys), cells.RowCount);
        RequirePresent(cells, keys);
        RequireUnique(cells, keys, crossing);
        return new PoststratificationFrame(cells, keys, counts, countColumn);
    }

    /// <summary>
    /// Counts a file of persons or households, read block by block: the cells are the combinations of <paramref name="keys"/> that occur, and their counts the sums of the weights
    /// (the numbers of rows without a weight column). Cells of weight zero are left out.
    /// </summary>
    /// <exception cref="DataException">A column is not there, a key is missing in a row, a weight is missing, negative or infinite, or all are zero.</exception>
    public static PoststratificationFrame FromMicrodata(IRowBlocks microdata, IReadOnlyList<string> keys, string? weightColumn = null)
    {
        if (keys.Count == 0) throw new DataException($"{microdata.Source}: name at least one variable that makes the cells.");
        const string count = "(count)";
        Aggregation sums = weightColumn is null ? Aggregation.Count(microdata, keys, count) : Aggregation.Sum(microdata, keys, weightColumn, count);
        if (sums.OmittedRows > 0) throw new DataException($"{microdata.Source}: {sums.OmittedRows} rows lack a value of {string.Join(", ", keys)}; drop them or fill them in.");
        double[] all = ((NumericColumn)sums.Cells.Get(count)).Values.ToArray();
        int[] kept = [.. Enumerable.Range(0, all.Length).Where(cell => all[cell] > 0)];
        if (kept.Length == 0) throw new DataException($"{microdata.Source} has no rows with a weight; there is no population.");
        Frame cells = new Frame(keys.Select(sums.Cells.Get), microdata.Source).Select(kept);
        return new PoststratificationFrame(cells, [.. keys], Array.ConvertAll(kept, cell => all[cell]), weightColumn ?? "rows");
    }

    /// <summary>Replaces columns of the cells by <paramref name="recode"/>; cells that thereby become one are added up.</summary>
    internal PoststratificationFrame Recode(Func<Frame, Frame> recode)
    {
        Frame recoded = recode(Cells);
        var crossing = new Crossing(Crossing.Factors(recoded, Keys), recoded.RowCount);
        if (crossing.Count == Cells.RowCount) return new PoststratificationFrame(recoded, Keys, _counts, CountName);
        int[] rows = [.. Enumerable.Range(0, crossing.Count).Select(crossing.FirstRow)];
        return new PoststratificationFrame(recoded.Select(rows), Keys, CellCounts.Sum(crossing, _counts), CountName);
    }

    /// <summary>The same cells with other variables, as after a join that keeps rows and their order.</summary>
    /// <exception cref="ArgumentException">The number of rows differs.</exception>
    internal PoststratificationFrame WithCells(Frame cells)
    {
        if (cells.RowCount != Cells.RowCount) throw new ArgumentException("A join must keep the rows of the frame.", nameof(cells));
        return new PoststratificationFrame(cells, Keys, _counts, CountName);
    }

    /// <summary>Adds codings in fractions, such as ±0.5 for two sexes, where only they tell cells apart: columns of fractions with few values, fewest first.</summary>
    private static string[] WithCodings(Frame cells, string[] keys)
    {
        foreach (Column coding in cells.Columns.Where(c => !keys.Contains(c.Name) && DistinctValues(c) <= MostValuesOfCoding).OrderBy(DistinctValues).ToArray())
        {
            if (new Crossing(Crossing.Factors(cells, keys), cells.RowCount).Count == cells.RowCount) break;
            keys = [.. keys, coding.Name];
        }
        return keys;
    }

    private static int DistinctValues(Column column) => RowKeys.Of([column], column.Count).FirstRow.Length;

    private static bool IsKey(Column column)
    {
        if (column is not NumericColumn numbers) return true;
        foreach (double value in numbers.Values)
        {
            if (!double.IsNaN(value) && value != Math.Floor(value)) return false;
        }
        return true;
    }

    private static void RequirePresent(Frame cells, IReadOnlyList<string> keys)
    {
        foreach (Column column in keys.Select(key => cells.Find(key)!))
        {
            for (int row = 0; row < column.Count; row++)
            {
                if (!column.IsMissing(row)) continue;
                throw new DataException($"{cells.Source}, row {row + 1}: '{column.Name}' is missing. Every cell of a population needs a value of every key; drop the row or fill it in.");
            }
        }
    }

    private static void RequireUnique(Frame cells, string[] keys, Crossing crossing)
    {
        if (crossing.Count == cells.RowCount) return;
        int row = Enumerable.Range(0, cells.RowCount).First(r => crossing.FirstRow(crossing.Codes[r]) != r);
        string cell = string.Join(", ", keys.Zip(crossing.Levels(crossing.Codes[row]), (key, level) => $"{key} = {level}"));
        int duplicates = cells.RowCount - crossing.Count;
        string more = duplicates > 1 ? $" ({duplicates} rows repeat a cell in all)" : "";
        throw new DataException($"{cells.Source}: rows {crossing.FirstRow(crossing.Codes[row]) + 1} and {row + 1} are the same cell ({cell}){more}. "
            + "Add their counts up, or keep the variable that tells them apart.");
    }
}
