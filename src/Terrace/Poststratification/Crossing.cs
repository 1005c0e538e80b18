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
        int[] appearance = ByAppearance(rows, out int count);
        _firstRow = FirstRows(appearance, count);
        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort(order, (a, b) => Compare(_firstRow[a], _firstRow[b]));
        var rank = new int[count];
        for (int i = 0; i < count; i++) rank[order[i]] = i;
        Codes = Array.ConvertAll(appearance, code => rank[code]);
        _firstRow = Array.ConvertAll(order, code => _firstRow[code]);
    }

    /// <summary>Each row's combination.</summary>
    public int[] Codes { get; }

    /// <summary>The number of combinations.</summary>
    public int Count => _firstRow.Length;

    /// <summary>A row that has the combination (the first one).</summary>
    public int FirstRow(int combination) => _firstRow[combination];

    /// <summary>The levels of a combination, one for each variable; null where missing.</summary>
    public string?[] Levels(int combination) => Array.ConvertAll(_factors, factor => factor.TextAt(_firstRow[combination]));

    /// <summary>The columns <paramref name="names"/> of <paramref name="frame"/> as factors.</summary>
    /// <exception cref="DataException">A column is not there.</exception>
    public static Factor[] Factors(Frame frame, IEnumerable<string> names) => [.. names.Select(name => FactorConversion.From(Required(frame, name), source: frame.Source))];

    /// <summary>The column called <paramref name="name"/>.</summary>
    /// <exception cref="DataException">It is not there; the message suggests a near name.</exception>
    public static Column Required(Frame frame, string name)
    {
        if (frame.Find(name) is { } column) return column;
        string[] known = [.. frame.Columns.Select(c => c.Name)];
        string hint = NearestName.Suggest(name, known) is { } near ? $" Did you mean '{near}'?" : "";
        throw new DataException($"{frame.Source} has no column '{name}'.{hint} Its columns are {string.Join(", ", known)}.");
    }

    private int[] ByAppearance(int rows, out int count)
    {
        var codes = new int[rows];
        count = rows == 0 ? 0 : 1;
        foreach (Factor factor in _factors)
        {
            var seen = new Dictionary<(int, int), int>();
            for (int row = 0; row < rows; row++)
            {
                (int, int) pair = (codes[row], factor.Codes[row]);
                if (!seen.TryGetValue(pair, out codes[row])) seen.Add(pair, codes[row] = seen.Count);
            }
            count = seen.Count;
        }
        return codes;
    }

    private static int[] FirstRows(int[] codes, int count)
    {
        var first = new int[count];
        for (int row = codes.Length - 1; row >= 0; row--) first[codes[row]] = row;
        return first;
    }

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
