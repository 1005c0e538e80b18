using Terrace.Stan.Syntax;

namespace Terrace.Stan.Diagnostics;

/// <summary>Collects what the phases of the compiler find.</summary>
internal sealed class DiagnosticBag
{
    private const int MaximumErrors = 50;
    private readonly List<StanDiagnostic> _found = [];

    /// <summary>All diagnostics so far.</summary>
    public IReadOnlyList<StanDiagnostic> Found => _found;

    /// <summary>Errors, then warnings, then old forms, each in the order of the text.</summary>
    public IReadOnlyList<StanDiagnostic> Sorted => [.. _found.OrderBy(d => d.Severity).ThenBy(d => d.Span.Start)];

    /// <summary>Whether the program cannot be compiled.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Adds an error; the fiftieth ends the compilation.</summary>
    public void Error(string code, string message, Span span, string? hint = null)
    {
        HasErrors = true;
        if (_found.Exists(d => d.Severity == Severity.Error && d.Span.Start == span.Start && ReferenceEquals(d.Span.Source, span.Source))) return;
        _found.Add(new StanDiagnostic(Severity.Error, code, message, span, hint));
        if (_found.Count(d => d.Severity == Severity.Error) >= MaximumErrors) throw new StanProgramException(Sorted);
    }

    /// <summary>Adds a warning, once a place.</summary>
    public void Warn(string code, string message, Span span, string? hint = null)
    {
        if (!_found.Exists(d => d.Code == code && d.Span == span)) _found.Add(new StanDiagnostic(Severity.Warning, code, message, span, hint));
    }

    /// <summary>Notes an old form, once a kind.</summary>
    public void Deprecate(string code, string message, Span span, string? hint = null)
    {
        if (!_found.Exists(d => d.Severity == Severity.Deprecation && d.Message == message)) _found.Add(new StanDiagnostic(Severity.Deprecation, code, message, span, hint));
    }

    /// <summary>Ends the compilation if there is an error.</summary>
    public void ThrowIfErrors()
    {
        if (HasErrors) throw new StanProgramException(Sorted);
    }
}
