namespace Terrace.Data;

/// <summary>
/// Types the columns that two tables share together, so that equal keys compare as equal: integer with double becomes double, truth values with
/// numbers become 0 and 1,
/// any other mixture becomes text (<c>1</c> there and <c>01</c> here stay different texts); a factor with anything makes both factors, whose levels
/// are those of the first
/// table with the new ones of the second inserted behind their predecessors. A column without any value takes the other's type.
/// </summary>
public static class KeyTyping
{
    /// <summary>The two tables with the columns they share, or those of <paramref name="names"/>, typed together.</summary>
    public static (Frame First, Frame Second) Harmonise(Frame first, Frame second, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        foreach (string name in names ?? Shared(first, second))
        {
            (Column a, Column b) = Harmonise(first.Get(name), second.Get(name));
            first = first.With(a);
            second = second.With(b);
        }
        return (first, second);
    }

    /// <summary>The names of the columns that both tables have, in the order of the second.</summary>
    public static IReadOnlyList<string> Shared(Frame first, Frame second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return [.. second.Columns.Select(column => column.Name).Where(name => first.Find(name) is not null)];
    }

    /// <summary>The two columns with one type and, being factors, the same levels.</summary>
    public static (Column First, Column Second) Harmonise(Column first, Column second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.GetType() == second.GetType() && first is not Factor) return (first, second);
        if (first is not Factor && IsEmpty(first)) return (ColumnCast.Missing(second, first.Name, first.Count, first.Label), second);
        if (second is not Factor && IsEmpty(second)) return (first, ColumnCast.Missing(first, second.Name, second.Count, second.Label));
        if (first is Factor || second is Factor) return United(first, second);
        if (IsNumeric(first) && IsNumeric(second))
        {
            bool real = first is NumericColumn || second is NumericColumn;
            return real ? (ColumnCast.ToNumeric(first), ColumnCast.ToNumeric(second)) : (ColumnCast.ToInteger(first), ColumnCast.ToInteger(second));
        }
        return (ColumnCast.ToText(first), ColumnCast.ToText(second));
    }

    /// <summary>
    /// The levels of <paramref name="first"/> with the others of <paramref name="second"/> inserted, each behind the level before it there.
    /// </summary>
    internal static IReadOnlyList<string> Unite(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        if (first.SequenceEqual(second)) return first;
        var united = new LinkedList<string>(first);
        var nodes = new Dictionary<string, LinkedListNode<string>>(StringComparer.Ordinal);
        for (LinkedListNode<string>? node = united.First; node is not null; node = node.Next) nodes[node.Value] = node;
        LinkedListNode<string>? before = null;
        foreach (string level in second)
        {
            if (!nodes.TryGetValue(level, out LinkedListNode<string>? node))
            {
                node = before is null ? united.AddFirst(level) : united.AddAfter(before, level);
                nodes.Add(level, node);
            }
            before = node;
        }
        return [.. united];
    }

    private static (Column First, Column Second) United(Column first, Column second)
    {
        Factor a = FactorConversion.From(first);
        Factor b = FactorConversion.From(second);
        bool ordered = first is Factor { IsOrdered: true } || second is Factor { IsOrdered: true };
        IReadOnlyList<string> levels = first is Factor ? Unite(a.Levels, b.Levels) : Unite(b.Levels, a.Levels);
        return (ColumnCast.WithLevels(a, levels, ordered), ColumnCast.WithLevels(b, levels, ordered));
    }

    private static bool IsNumeric(Column column) => column is NumericColumn or IntegerColumn or LogicalColumn;

    private static bool IsEmpty(Column column)
    {
        for (int row = 0; row < column.Count; row++)
        {
            if (!column.IsMissing(row)) return false;
        }
        return true;
    }
}
