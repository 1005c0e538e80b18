namespace Terrace.Stan.Data;

/// <summary>How large data may be, so that no file exhausts memory or the stack.</summary>
internal static class DataLimits
{
    /// <summary>Brackets within brackets.</summary>
    public const int Depth = 100;

    /// <summary>Numbers of one variable.</summary>
    public const long Elements = 1L << 27;

    /// <summary>Numbers of a file in R's dump format that are not written out, as in <c>1:1000000</c>: a short file must not fill the memory.</summary>
    public const long Implied = 1L << 24;

    /// <summary>Bytes of a file.</summary>
    public const long FileBytes = 1L << 30;

    /// <summary>Parts of a tuple.</summary>
    public const int TupleElements = 250;

    /// <summary>The bytes of a file, refused with a sentence when that is impossible.</summary>
    public static byte[] ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new StanDataException(path, 0, 0, "there is no such file", "Check the path");
            if (file.Length > FileBytes) throw new StanDataException(path, 0, 0, $"the file has {file.Length:N0} bytes, more than the limit of {FileBytes:N0}", "Leave out variables that the program does not declare");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StanDataException(path, 0, 0, $"the file cannot be read ({e.Message.TrimEnd('.')})", "Check the path and the permissions");
        }
    }
}
