namespace Terrace.Data;

/// <summary>Puts columns and frames of the same shape one below the other.</summary>
public static class Concatenation
{
    /// <summary>Reads all blocks of <paramref name="rows"/> into one frame.</summary>
    /// <exception cref="DataException">The rows cannot be read, or are more than an array can hold.</exception>
    public static Frame ReadAll(this IRowBlocks rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows is Frame frame) return frame;
        if (rows is CsvFile file) return file.ReadAll();
        Frame[] blocks = [.. rows.Blocks()];
        return blocks.Length == 0 ? rows.Header : Of(blocks);
    }

    /// <summary>The rows of all <paramref name="frames"/>, which have the same columns with the same types and levels.</summary>
    /// <exception cref="DataException">The rows are more than an array can hold.</exception>
    internal static Frame Of(IReadOnlyList<Frame> frames)
    {
        Frame first = frames[0];
        long rows = frames.Sum(frame => (long)frame.RowCount);
        if (rows > Array.MaxLength) throw new DataException($"{first.Source}: {rows} rows are too many to hold in memory.");
        if (frames.Count == 1) return first;
        return new Frame(first.Columns.Select((_, j) => Of([.. frames.Select(frame => frame.Columns[j])])), first.Source);
    }

    /// <summary>The values of all <paramref name="parts"/>, which have one type and, being factors, the same levels.</summary>
    internal static Column Of(IReadOnlyList<Column> parts)
    {
        (string name, string? label) = (parts[0].Name, parts[0].Label);
        return parts[0] switch
        {
            NumericColumn => new NumericColumn(name, Join(parts, part => ((NumericColumn)part).Values), label),
            IntegerColumn => new IntegerColumn(name, Join(parts, part => ((IntegerColumn)part).Values), label),
            LogicalColumn => new LogicalColumn(name, Join(parts, part => ((LogicalColumn)part).Values), label),
            DateColumn => new DateColumn(name, Join(parts, part => ((DateColumn)part).Values), label),
            Factor factor => new Factor(name, Join(parts, part => ((Factor)part).Codes), [.. factor.Levels], factor.IsOrdered, label),
            _ => new TextColumn(name, Join(parts, part => ((TextColumn)part).Values), label),
        };
    }

    private static T[] Join<T>(IReadOnlyList<Column> parts, Func<Column, ReadOnlySpan<T>> values)
    {
        var all = new T[parts.Sum(part => part.Count)];
        Span<T> rest = all;
        foreach (Column part in parts)
        {
            values(part).CopyTo(rest);
            rest = rest[part.Count..];
        }
        return all;
    }
}
