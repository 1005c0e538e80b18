using System.Text;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Diagnostics;

/// <summary>How much a diagnostic weighs.</summary>
public enum Severity
{
    /// <summary>The program does not compile.</summary>
    Error,

    /// <summary>The program compiles, and probably is not what was meant.</summary>
    Warning,

    /// <summary>The program uses an old form that still works here.</summary>
    Deprecation,
}

/// <summary>What is wrong with a program, where, and the way out.</summary>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Code">A stable short name of the kind of fault, as <c>undeclared-variable</c>.</param>
/// <param name="Message">What is wrong, a sentence without full stop.</param>
/// <param name="Span">The characters at fault.</param>
/// <param name="Hint">What to do, or null.</param>
public sealed record StanDiagnostic(Severity Severity, string Code, string Message, Span Span, string? Hint = null)
{
    /// <summary>The message with file, line, column, the line and a caret below the fault.</summary>
    public override string ToString()
    {
        (int line, int column) = Span.Source.Place(Span.Start);
        string text = Span.Source.Line(line).Replace('\t', ' ');
        if (text.Length > 400) text = text[..400];
        column = Math.Min(column, text.Length + 1);
        int width = Math.Clamp(Span.End - Span.Start, 1, Math.Max(1, text.Length - column + 1));
        var result = new StringBuilder();
        string kind = Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "deprecated" };
        result.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Span.Source.Name}:{line}:{column}: {kind}: {Message}\n");
        string number = line.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(5);
        result.Append(number).Append(" | ").Append(text).Append('\n');
        result.Append("      | ").Append(' ', column - 1).Append('^', width);
        if (Hint is not null) result.Append("\n      = ").Append(Hint);
        return result.ToString();
    }
}

/// <summary>A program that does not compile, with all that was found.</summary>
public sealed class StanProgramException : Exception
{
    /// <summary>Takes the diagnostics, of which at least one is an error.</summary>
    public StanProgramException(IReadOnlyList<StanDiagnostic> diagnostics) : base(string.Join("\n", diagnostics.Where(d => d.Severity != Severity.Deprecation))) => Diagnostics = diagnostics;

    /// <summary>Errors first in the order of the text, then warnings.</summary>
    public IReadOnlyList<StanDiagnostic> Diagnostics { get; }
}
