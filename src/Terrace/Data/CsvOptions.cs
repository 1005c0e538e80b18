namespace Terrace.Data;

/// <summary>How a CSV file is written and what its columns are.</summary>
public sealed record CsvOptions
{
    /// <summary>The character between fields, or null to take the most frequent of comma, semicolon and tab in the header line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether numbers are written <c>3,14</c>; the delimiter must then be another character.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>
    /// The fields that stand for a missing value, quoted or not, with or without blanks around them. Without the empty text here, an empty field is
    /// an empty text
    /// in a text column or a factor; in a column of numbers, truth values or dates an empty field is always missing.
    /// </summary>
    public IReadOnlyList<string> MissingTokens { get; init; } = ["NA", ""];

    /// <summary>The data dictionary of the file; columns it does not name are inferred.</summary>
    public DataDictionary? Schema { get; init; }

    /// <summary>
    /// Declarations that go before those of <see cref="Schema"/>, as by the flags <c>--factor</c>, <c>--ordered</c> and <c>--text</c>.
    /// </summary>
    public IReadOnlyList<ColumnDeclaration> Columns { get; init; } = [];

    /// <summary>
    /// Whether declared columns may be absent from the file, as where one dictionary describes a survey and its population frame; otherwise they are
    /// an error.
    /// </summary>
    public bool AllowAbsentColumns { get; init; }

    /// <summary>The number of rows in a block of <see cref="CsvFile.Blocks()"/>.</summary>
    public int BlockRows { get; init; } = 65_536;
}
