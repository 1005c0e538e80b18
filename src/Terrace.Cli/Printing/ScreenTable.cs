using Spectre.Console;

namespace Terrace.Cli.Printing;

/// <summary>A table of text with a line under its headings, as wide as its contents, the same on a terminal and in a file.</summary>
internal sealed class ScreenTable
{
    private const int Unbounded = 100_000;
    private readonly Table _table = new() { Border = TableBorder.Simple };
    private readonly List<int?> _widths = [];

    /// <summary>Adds a column of words, to the left; one with <paramref name="width"/> breaks its text at blanks.</summary>
    public ScreenTable Words(string heading, int? width = null)
    {
        _widths.Add(width);
        return Column(heading, Justify.Left);
    }

    /// <summary>Adds a column of numbers, to the right.</summary>
    public ScreenTable Numbers(string heading)
    {
        _widths.Add(null);
        return Column(heading, Justify.Right);
    }

    /// <summary>Adds a row, one cell for each column.</summary>
    public void Add(params ReadOnlySpan<string?> cells)
    {
        var row = new Text[cells.Length];
        for (int j = 0; j < row.Length; j++) row[j] = new Text(_widths[j] is { } width ? string.Join('\n', Wrapping.Lines(cells[j] ?? "", width)) : cells[j] ?? "");
        _table.AddRow(row);
    }

    /// <summary>Writes the table without blanks at the ends of lines.</summary>
    public void Write(TextWriter output, int indent = 0)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Unbounded;
        console.Profile.Capabilities.Unicode = true;
        console.Write(_table);
        foreach (string line in text.ToString().Split('\n'))
        {
            string trimmed = line.TrimEnd();
            if (trimmed.Length > 0) output.WriteLine(new string(' ', indent) + trimmed);
        }
    }

    private ScreenTable Column(string heading, Justify alignment)
    {
        _table.AddColumn(new TableColumn(new Text(heading)) { Alignment = alignment, NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        return this;
    }
}
