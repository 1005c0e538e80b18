using System.Text;

namespace Terrace.Data;

/// <summary>
/// Writes files whole or not at all: into a temporary file of the same folder first, which takes the file's name when everything is written.
/// </summary>
public static class WholeFile
{
    /// <summary>
    /// Writes what <paramref name="write"/> puts into the stream to <paramref name="path"/>. After a fault the file is as it was before.
    /// </summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None)) write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception fault) when (Explain(path, fault) is { } message)
        {
            throw new DataException(message, fault);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    private static string? Explain(string path, Exception fault) => fault switch
    {
        UnauthorizedAccessException when Directory.Exists(path) => $"'{path}' is a folder; give the name of a file.",
        UnauthorizedAccessException => $"'{path}' may not be written: permission denied.",
        DirectoryNotFoundException => $"'{path}' cannot be written: there is no such folder.",
        EncoderFallbackException => $"'{path}' cannot be written: a text holds half of a surrogate pair and is not Unicode.",
        IOException when Directory.Exists(path) => $"'{path}' is a folder; give the name of a file.",
        IOException => $"'{path}' cannot be written: {fault.Message}",
        _ => null,
    };
}
