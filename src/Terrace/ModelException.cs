namespace Terrace;

/// <summary>A model that cannot be fitted, or cannot predict, with the data it is given.</summary>
public sealed class ModelException : TerraceException
{
    /// <summary>Creates the exception with a message that names the variable or term, and the way out.</summary>
    public ModelException(string message) : base(message) { }
}
