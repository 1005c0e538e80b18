namespace Terrace;

/// <summary>
/// A fault in what the user gave: a file, a formula, a model that the data cannot carry. The message says what is wrong, where it is and what to do,
/// and is meant to be shown as it stands. Programming errors are <see cref="ArgumentException"/> and the like instead.
/// </summary>
public abstract class TerraceException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    protected TerraceException(string message) : base(message) { }

    /// <summary>Creates the exception with a message for the user and the exception behind it.</summary>
    protected TerraceException(string message, Exception inner) : base(message, inner) { }
}
