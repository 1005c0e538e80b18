namespace Terrace.Stan.Runtime;

/// <summary>What a running program met: an index out of range, an argument outside a function's domain, <c>reject</c>, <c>fatal_error</c>, or a limit.</summary>
internal sealed class StanFaultException : Exception
{
    /// <summary>Makes a fault of a kind, with its sentence.</summary>
    public StanFaultException(StanFaultKind kind, string message) : base(message) => Kind = kind;

    /// <summary>What happens because of it.</summary>
    public StanFaultKind Kind { get; }
}

/// <summary>What a fault does to the run.</summary>
internal enum StanFaultKind
{
    /// <summary>The position has density 0: a domain error or <c>reject</c>. Another position may do.</summary>
    Rejection,

    /// <summary>The program is wrong for these data at any position: index out of range, sizes that differ, <c>fatal_error</c>.</summary>
    Error,

    /// <summary>A limit on time, memory or depth was reached.</summary>
    Limit,
}
