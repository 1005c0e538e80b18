using Terrace.Data;
using Terrace.Design;
using Terrace.Formulas;

namespace Terrace.Cli.Options;

/// <summary>What the command line says about the data.</summary>
internal sealed record DataSettings
{
    /// <summary>The data dictionary, or null.</summary>
    public string? SchemaFile { get; init; }

    /// <summary>Declared columns.</summary>
    public IReadOnlyList<ColumnDeclaration> Columns { get; init; } = [];

    /// <summary>The coding of factors by name.</summary>
    public IReadOnlyDictionary<string, ContrastCoding> Contrasts { get; init; } = new Dictionary<string, ContrastCoding>();

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

    /// <summary>Opens the one data file of a command, with its group-level predictors.</summary>
    /// <exception cref="DataException">The file, or one of those that go with it, cannot be read; a declared column is in none of them.</exception>
    public IRowBlocks Open(string path)
    {
        if (GroupData.Count == 0) return Filter(new CsvFile(path, Csv(allowAbsentColumns: false)));
        IReadOnlyList<Frame> groups = ReadGroupData();
        Frame rows = Read(path);
        RequireDeclared([rows, .. groups]);
        return Filter(Join(rows, groups));
    }

    /// <summary>The rows that meet every condition.</summary>
    /// <exception cref="FormulaException">A condition is no expression, or names an unknown variable.</exception>
    public IRowBlocks Filter(IRowBlocks rows)
    {
        foreach (string condition in Where)
        {
            RowFilter filter = RowFilter.Parse(condition);
            filter.Choose(rows.Header);
            rows = new BlockFilter(rows, filter.Choose, condition);
        }
        return rows;
    }

    /// <summary>Reads a file that is one of several.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public Frame Read(string path) => CsvFile.Read(path, Csv(allowAbsentColumns: true));

    /// <summary>Reads the files of group-level predictors.</summary>
    /// <exception cref="DataException">One of them cannot be read.</exception>
    public IReadOnlyList<Frame> ReadGroupData() => [.. GroupData.Select(Read)];

    /// <summary><paramref name="rows"/> with the columns of <paramref name="groups"/>.</summary>
    /// <exception cref="DataException">A row has no match, or a table of groups has a key twice.</exception>
    public static Frame Join(Frame rows, IReadOnlyList<Frame> groups) => groups.Aggregate(rows, Terrace.Data.GroupData.Join);

    /// <summary>Refuses a column that the command line declares and none of <paramref name="tables"/> has.</summary>
    /// <exception cref="DataException">There is such a column.</exception>
    public void RequireDeclared(IReadOnlyList<Frame> tables)
    {
        foreach (ColumnDeclaration declared in Columns)
        {
            if (tables.Any(table => table.Find(declared.Name) is not null)) continue;
            string files = string.Join(", ", tables.Select(table => table.Source));
            string hint = Suggestion.For(declared.Name, tables.SelectMany(table => table.Columns).Select(column => column.Name));
            throw new DataException($"the column '{declared.Name}' of the command line is in none of {files}{hint}.");
        }
    }

    private CsvOptions Csv(bool allowAbsentColumns)
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
}
