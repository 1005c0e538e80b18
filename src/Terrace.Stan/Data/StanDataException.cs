namespace Terrace.Stan.Data;

/// <summary>Data that cannot be read: where, what was expected, and the way out.</summary>
public sealed class StanDataException : Exception
{
    /// <summary>Data are refused at a place; line 0 says that there is no text to point to.</summary>
    public StanDataException(string source, int line, int column, string problem, string remedy)
        : base($"{source}{(line > 0 ? $":{line}:{column}" : "")}: {problem}. {remedy}.") => (File, Line, Column, Problem, Remedy) = (source, line, column, problem, remedy);

    /// <summary>The file, or what stands for it.</summary>
    public string File { get; }

    /// <summary>The line, from 1; 0 without a text.</summary>
    public int Line { get; }

    /// <summary>The column in characters, from 1; 0 without a text.</summary>
    public int Column { get; }

    /// <summary>What is wrong and what was expected.</summary>
    public string Problem { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }
}
