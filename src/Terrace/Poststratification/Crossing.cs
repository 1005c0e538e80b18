using Terrace.Data;

namespace Terrace.Poststratification;

/// <summary>The combinations of the levels of several variables that occur in a frame, in level order: the first variable varies slowest.</summary>
internal sealed class Crossing
{
    private readonly Factor[] _factors;
    private readonly int[] _firstRow;

    /// <summary>Crosses <paramref name="factors"/>, which have <paramref name="rows"/> rows; without any factor there is one combination.</summary>
    public Crossing(IReadOnlyList<Factor> factors, int rows)
    {
        _factors = [.. factors];
        RowKeys keys = RowKeys.Of(_factors, rows);
        int[] order = [.. Enumerable.Range(0, keys.FirstRow.Length)];
        Array.Sort(order, (a, b) => Compare(keys.FirstRow[a], keys.FirstRow[b]));
        var rank = new int[order.Length];
        for (int i = 0; i < order.Length; i++) rank[order[i]] = i;
        Codes = Array.ConvertAll(keys.Group, group => group < 0 ? -1 : rank[group]);
        _firstRow = Array.ConvertAll(order, group => keys.FirstRow[group]);
    }

    /// <summary>Each row's combination, −1 where a value is missing.</summary>
    public int[] Codes { get; }

    /// <summary>The number of combinations.</summary>
    public int Count => _firstRow.Length;

    /// <summary>A row that has the combination (the first one).</summary>
    public int FirstRow(int combination) => _firstRow[combination];

    /// <summary>The levels of a combination, one for each variable.</summary>
    public string[] Levels(int combination) => Array.ConvertAll(_factors, factor => factor.TextAt(_firstRow[combination])!);

    /// <summary>The columns <paramref name="names"/> of <paramref name="frame"/> as factors.</summary>
    /// <exception cref="DataException">A column is not there.</exception>
    public static Factor[] Factors(Frame frame, IEnumerable<string> names) => [.. names.Select(name => FactorConversion.From(frame.Get(name), source: frame.Source))];

    private int Compare(int rowA, int rowB)
    {
        foreach (Factor factor in _factors)
        {
            int order = factor.Codes[rowA].CompareTo(factor.Codes[rowB]);
            if (order != 0) return order;
        }
        return 0;
    }
}
