namespace Terrace.Bayes;

/// <summary>
/// The parts of a linear predictor, columns and group-level terms, dealt to two sides so that the cells show few distinct patterns on each: η = offset + S[pattern A] + D[pattern B]. Effects are then added up once a
/// pattern instead of once a cell, and scores likewise. Immutable; shared by all chains.
/// </summary>
/// <remarks>
/// Cost, in additions: patterns A × parts A + patterns B × parts B + 2 cells, against parts × cells without. Parts are dealt by descending number of values to the side that they make dearer by less, then moved one by one
/// while that helps: a greedy search of our own, which finds state × sex and age × education of a survey. Checked in <c>PatternSplitTests</c>.
/// </remarks>
internal sealed class PatternSplit
{
    private const int MostPasses = 3;

    private PatternSplit(PatternSide first, PatternSide second) => (First, Second) = (first, second);

    public PatternSide First { get; }

    public PatternSide Second { get; }

    /// <summary>The split of a predictor's parts: its columns (an empty list where there are none) and its terms; null where it would save less than half of the additions.</summary>
    public static PatternSplit? Of(IReadOnlyList<double[]> columns, IReadOnlyList<GroupTerm> terms, int cells)
    {
        Part[] parts = [.. columns.Select((column, j) => new Part(j, column, null, Labels.Of(column))), .. terms.Select((term, t) => new Part(t, null, term, LabelsOf(term, cells)))];
        if (parts.Length < 2 || cells < 8) return null;
        bool[] second = Deal(parts, cells);
        PatternSide one = PatternSide.Of([.. parts.Where((_, k) => !second[k])], cells), two = PatternSide.Of([.. parts.Where((_, k) => second[k])], cells);
        return one.Cost + two.Cost + 2L * cells < (long)parts.Length * cells / 2 ? new PatternSplit(one, two) : null;
    }

    private static bool[] Deal(Part[] parts, int cells)
    {
        var second = new bool[parts.Length];
        int[] order = [.. Enumerable.Range(0, parts.Length).OrderByDescending(k => parts[k].Labels.Count)];
        var sides = (First: new Tally(cells), Second: new Tally(cells));
        foreach (int k in order)
        {
            Tally first = sides.First.With(parts[k].Labels), other = sides.Second.With(parts[k].Labels);
            second[k] = other.Cost + sides.First.Cost < first.Cost + sides.Second.Cost;
            if (second[k]) sides.Second = other;
            else sides.First = first;
        }
        long best = Cost(parts, second, cells);
        for (int pass = 0; pass < MostPasses; pass++)
        {
            bool moved = false;
            for (int k = 0; k < parts.Length; k++)
            {
                second[k] = !second[k];
                long cost = Cost(parts, second, cells);
                if (cost < best) (best, moved) = (cost, true);
                else second[k] = !second[k];
            }
            if (!moved) break;
        }
        return second;
    }

    private static long Cost(Part[] parts, bool[] second, int cells)
    {
        Tally first = new(cells), other = new(cells);
        for (int k = 0; k < parts.Length; k++)
        {
            if (second[k]) other = other.With(parts[k].Labels);
            else first = first.With(parts[k].Labels);
        }
        return first.Cost + other.Cost;
    }

    private static Labels LabelsOf(GroupTerm term, int cells)
    {
        Labels labels = Labels.Of(term.Codes, term.Levels.Count);
        foreach (double[] covariate in term.Covariates.OfType<double[]>()) labels = labels.Combine(Labels.Of(covariate));
        return labels.Codes.Length == cells ? labels : throw new InvalidOperationException("A term has another number of cells than its model.");
    }

    /// <summary>The patterns of the parts of one side so far.</summary>
    private readonly struct Tally(int cells)
    {
        private readonly Labels? _labels;
        private readonly int _parts;

        private Tally(int cells, Labels labels, int parts) : this(cells) => (_labels, _parts) = (labels, parts);

        public long Cost => (long)_parts * (_labels?.Count ?? 0);

        public Tally With(Labels labels) => new(cells, _labels is null ? labels : _labels.Combine(labels), _parts + 1);
    }
}

/// <summary>A column or a term of a linear predictor, and which cells look alike in it.</summary>
/// <param name="Index">Its place among the columns, or among the terms.</param>
/// <param name="Values">The column, or null.</param>
/// <param name="Term">The term, or null.</param>
/// <param name="Labels">The cells' values, numbered.</param>
internal sealed record Part(int Index, double[]? Values, GroupTerm? Term, Labels Labels);

/// <summary>The distinct values of a variable over the cells, numbered in order of appearance.</summary>
/// <param name="Codes">The number of each cell's value.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Labels(int[] Codes, int Count)
{
    /// <summary>The values of a column.</summary>
    public static Labels Of(double[] column) => Number(column.Length, i => BitConverter.DoubleToInt64Bits(column[i] + 0.0));

    /// <summary>Codes below <paramref name="levels"/> as they are.</summary>
    public static Labels Of(int[] codes, int levels) => new(codes, levels);

    /// <summary>The pairs of two variables' values.</summary>
    public Labels Combine(Labels other) => Number(Codes.Length, i => (long)Codes[i] * other.Count + other.Codes[i]);

    private static Labels Number(int cells, Func<int, long> key)
    {
        var numbers = new Dictionary<long, int>();
        var labels = new int[cells];
        for (int i = 0; i < cells; i++)
        {
            long own = key(i);
            if (!numbers.TryGetValue(own, out labels[i])) numbers.Add(own, labels[i] = numbers.Count);
        }
        return new Labels(labels, numbers.Count);
    }
}
