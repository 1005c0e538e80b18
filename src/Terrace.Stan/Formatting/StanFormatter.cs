using Terrace.Stan.Diagnostics;
using Terrace.Stan.Syntax;

namespace Terrace.Stan.Formatting;

/// <summary>The form of the language that a program is printed in.</summary>
public enum StanSyntaxVersion
{
    /// <summary>Today's syntax, of Stan 2.33 and later.</summary>
    Modern,

    /// <summary>The syntax that Stan 2.21 reads, as rstan 2.21 does.</summary>
    Stan221,
}

/// <summary>Prints Stan programs: old forms renewed, two spaces a level, lines of at most 80 columns where they can be broken, comments kept.</summary>
public static class StanFormatter
{
    /// <summary>The program's text in the form asked for.</summary>
    /// <param name="text">The program, in today's syntax or an old one.</param>
    /// <param name="name">The name in messages.</param>
    /// <param name="version">The form to print.</param>
    /// <param name="includes">Finds included files. They are never printed; functions that they define are then known not to be the library's.</param>
    /// <exception cref="StanProgramException">The text is no program, or uses what the version asked for does not have.</exception>
    public static string Format(string text, string name = "model", StanSyntaxVersion version = StanSyntaxVersion.Modern, IIncludeResolver? includes = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SourceText(text, name);
        var diagnostics = new DiagnosticBag();
        ProgramSyntax syntax = ProgramParser.ParseKeepingIncludes(source, diagnostics);
        diagnostics.ThrowIfErrors();
        try
        {
            HashSet<string> included = IncludedFunctions(source, includes);
            syntax = new LegacySyntax(syntax, included).Renewed();
            bool old = version == StanSyntaxVersion.Stan221;
            if (old) syntax = new Syntax221(syntax, included, diagnostics).Converted();
            diagnostics.ThrowIfErrors();
            return new ProgramFormatter(source, syntax, old).Run();
        }
        catch (InsufficientExecutionStackException)
        {
            diagnostics.Error("nesting", "the program is nested too deep to be printed", new Span(source, 0, 0));
            diagnostics.ThrowIfErrors();
            throw;
        }
    }

    private static HashSet<string> IncludedFunctions(SourceText source, IIncludeResolver? includes)
    {
        if (includes is null) return [];
        ProgramSyntax whole = ProgramParser.Parse(source, new DiagnosticBag(), includes);
        return [.. (whole.Functions ?? []).Where(function => !ReferenceEquals(function.Span.Source, source)).Select(function => function.Name.Name)];
    }
}
