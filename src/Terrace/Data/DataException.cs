namespace Terrace.Data;

/// <summary>A fault in data: a missing file, a ragged row, a column that is not there, a value of the wrong type.</summary>
public sealed class DataException : TerraceException
{
    /// <summary>Creates the exception; <paramref name="message"/> names the file, the row and the column where they are known.</summary>
    public DataException(string message) : base(message) { }

    /// <summary>Creates the exception with the exception behind it.</summary>
    public DataException(string message, Exception inner) : base(message, inner) { }
}
