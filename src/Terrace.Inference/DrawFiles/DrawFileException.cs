namespace Terrace.Inference.DrawFiles;

/// <summary>A file of draws cannot be read; the message names the file, the row and the column, and says what to do.</summary>
public sealed class DrawFileException(string message, Exception? inner = null) : Exception(message, inner);
