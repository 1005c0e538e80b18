using Terrace.Stan.Runtime;
using Terrace.Stan.Syntax;

namespace Terrace.Stan;

/// <summary>A program failed while it ran: data that do not fit, an index out of range, <c>fatal_error</c>, a limit.</summary>
public sealed class StanRunException : Exception
{
    internal StanRunException(string message, Span? place) : base(place is { } at ? $"{at.Source.Name}:{at.Line}:{at.Column}: {message}\n{Excerpt(at)}" : message)
    {
        Reason = message;
        Place = place;
    }

    /// <summary>What happened, without the place.</summary>
    public string Reason { get; }

    /// <summary>The statement, or null where none is at fault.</summary>
    public Span? Place { get; }

    private static string Excerpt(Span at)
    {
        string line = at.Source.Line(at.Line).Replace('\t', ' ');
        int column = Math.Min(at.Column, line.Length + 1);
        return $"{at.Line,5} | {line}\n      | {new string(' ', column - 1)}^";
    }

    /// <summary>A fault at the statement that ran last.</summary>
    internal static StanRunException Of(StanFaultException fault, Workspace w, StanModel model) => new(fault.Message, PlaceOf(w, model));

    /// <summary>The statement that ran last, or null where none is known.</summary>
    internal static Span? PlaceOf(Workspace w, StanModel model) => w.Site < model.Emitter.Sites.Count ? model.Emitter.Sites[w.Site] : null;
}
