using System.CommandLine;
using Terrace.Data;
using Terrace.Design;
using static Terrace.Cli.Options.OptionValues;

namespace Terrace.Cli.Options;

/// <summary>The options that say how data files are read, shared by every command that reads one.</summary>
internal sealed class DataOptions
{
    private readonly Option<string> _schema = Text("--schema", "FILE", "a data dictionary (JSON) with types, levels and labels of columns");
    private readonly Option<string[]> _factor = Repeated("--factor", "NAME[=L1,L2,…]", "treat a column as categories, with its levels in this order");
    private readonly Option<string[]> _ordered = Repeated("--ordered", "NAME=L1,L2,…", "treat a column as categories that rise");
    private readonly Option<string[]> _text = Repeated("--text", "NAME", "keep a column as text, whatever it looks like");
    private readonly Option<string[]> _contrasts = Repeated("--contrasts", "NAME=KIND", "coding of a factor: treatment[:REF], sum, helmert or poly");
    private readonly Option<string[]> _groupData = Repeated("--group-data", "FILE", "predictors of groups, joined on all columns in common");
    private readonly Option<string[]> _where = Repeated("--where", "EXPR", "keep only the rows where this holds, as in 'age > 17'");
    private readonly Option<string> _na = Text("--na", "omit|fail", "rows with missing values: leave them out and count them, or stop (default omit)");
    private readonly Option<string[]> _naTokens = Repeated("--na-tokens", "T1,T2,…", "what stands for a missing value beside an empty field (default NA)");
    private readonly Option<string> _delimiter = Text("--delimiter", "C", "what separates the fields: a character or 'tab' (default: found out)");
    private readonly Option<bool> _decimalComma = Flag("--decimal-comma", "numbers are written 3,14");

    /// <summary>The options under their heading, with those that only one command has before them.</summary>
    public OptionGroup Group(params ReadOnlySpan<Option> first) => new("Data",
        [.. first, _schema, _factor, _ordered, _text, _contrasts, _groupData, _where, _na, _naTokens, _delimiter, _decimalComma]);

    /// <summary>What the command line says about the data.</summary>
    public DataSettings Read(ParseResult parsed) => new()
    {
        SchemaFile = parsed.Read(_schema),
        Columns = ReadColumns(parsed),
        Contrasts = ReadContrasts(parsed.Read(_contrasts)),
        GroupData = parsed.Read(_groupData),
        Where = parsed.Read(_where),
        FailOnMissing = parsed.ReadChoice(_na, ["omit", "fail"]) == "fail",
        MissingTokens = parsed.Read(_naTokens) is { Count: > 0 } tokens ? [.. tokens.SelectMany(ListText.Split).Append("").Distinct()] : null,
        Delimiter = ReadDelimiter(parsed.Read(_delimiter)),
        DecimalComma = parsed.IsGiven(_decimalComma),
    };

    private ColumnDeclaration[] ReadColumns(ParseResult parsed)
    {
        ColumnDeclaration[] factors = [.. parsed.Read(_factor).Select(Factor)], ordered = [.. parsed.Read(_ordered).Select(Ordered)];
        ColumnDeclaration[] texts = [.. parsed.Read(_text).Select(name => ColumnDeclaration.Text(name))];
        RefuseBoth(factors, "--factor", texts, "--text");
        RefuseBoth(ordered, "--ordered", texts, "--text");
        RefuseBoth(factors, "--factor", ordered, "--ordered");
        return [.. factors, .. ordered, .. texts];
    }

    private static void RefuseBoth(ColumnDeclaration[] some, string option, ColumnDeclaration[] others, string other)
    {
        if (some.Select(column => column.Name).Intersect(others.Select(column => column.Name)).FirstOrDefault() is { } name)
            throw new UsageException($"{option} and {other} contradict each other for the column '{name}'; leave one of them out.");
    }

    private static ColumnDeclaration Factor(string text)
    {
        (string name, string? levels) = ListText.Assignment(text);
        return ColumnDeclaration.Factor(name, levels is null ? null : ListText.Split(levels));
    }

    private static ColumnDeclaration Ordered(string text)
    {
        (string name, string? levels) = ListText.Assignment(text);
        if (levels is null) throw new UsageException($"--ordered needs the levels in their order, as in '--ordered {name}=low,middle,high'.");
        return ColumnDeclaration.Ordered(name, ListText.Split(levels));
    }

    private static Dictionary<string, ContrastCoding> ReadContrasts(IReadOnlyList<string> given)
    {
        string[] kinds = ["treatment", "sum", "helmert", "poly"];
        var contrasts = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            (string name, string? kind) = ListText.Assignment(text);
            string word = kind?.Split(':')[0] ?? "";
            if (!kinds.Contains(word) || (kind!.Contains(':') && word != "treatment"))
                throw new UsageException($"--contrasts '{text}' is not understood{Suggestion.For(word, kinds)}; write NAME=treatment, NAME=treatment:REF, NAME=sum, NAME=helmert or NAME=poly.");
            if (!contrasts.TryAdd(name, ContrastCoding.Parse(kind))) throw new UsageException($"--contrasts is given twice for '{name}'.");
        }
        return contrasts;
    }

    private static char? ReadDelimiter(string? text) => text switch
    {
        null => null,
        "tab" or "\\t" => '\t',
        { Length: 1 } when text[0] is not ('"' or '\n' or '\r' or '\0') => text[0],
        _ => throw new UsageException($"--delimiter needs one character that is no quotation mark or line break, or the word 'tab', not '{text}'."),
    };
}
