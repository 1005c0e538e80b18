using Terrace.Data;

namespace Terrace.Cli.Options;

/// <summary>What the command line says about the data.</summary>
internal sealed record DataSettings
{
    /// <summary>The data dictionary, or null.</summary>
    public string? SchemaFile { get; init; }

    /// <summary>Declared columns.</summary>
    public IReadOnlyList<ColumnDeclaration> Columns { get; init; } = [];

    /// <summary>The coding of factors by name: <c>treatment</c>, <c>treatment:REF</c>, <c>sum</c>, <c>helmert</c> or <c>poly</c>.</summary>
    public IReadOnlyDictionary<string, string> Contrasts { get; init; } = new Dictionary<string, string>();

    /// <summary>Files of group-level predictors.</summary>
    public IReadOnlyList<string> GroupData { get; init; } = [];

    /// <summary>Conditions that every row must meet.</summary>
    public IReadOnlyList<string> Where { get; init; } = [];

    /// <summary>Whether a missing value stops the work.</summary>
    public bool FailOnMissing { get; init; }

    /// <summary>What stands for a missing value, or null for the default.</summary>
    public IReadOnlyList<string>? MissingTokens { get; init; }

    /// <summary>The character between fields, or null to find it.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether numbers have a decimal comma.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>How a CSV file is read; with several files a declared column may be in any of them.</summary>
    public CsvOptions Csv(bool allowAbsentColumns)
    {
        var options = new CsvOptions
        {
            Schema = SchemaFile is null ? null : DataDictionary.Read(SchemaFile),
            Columns = Columns,
            Delimiter = Delimiter,
            DecimalComma = DecimalComma,
            AllowAbsentColumns = allowAbsentColumns,
        };
        return MissingTokens is null ? options : options with { MissingTokens = MissingTokens };
    }

    /// <summary>Opens the data file at <paramref name="path"/>.</summary>
    /// <exception cref="DataException">The file, or one of those that go with it, cannot be read.</exception>
    public IRowBlocks Open(string path) => new CsvFile(path, Csv(GroupData.Count > 0));
}
