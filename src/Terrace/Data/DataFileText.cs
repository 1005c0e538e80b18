using System.Text;
using System.Text.Unicode;

namespace Terrace.Data;

/// <summary>
/// Opens data files as text: UTF-8 with or without a byte order mark, or UTF-16 with one; compressed where the name ends in <c>.gz</c>.
/// Bytes that are not text are an error that names the line, never silently replaced.
/// </summary>
internal static class DataFileText
{
    /// <summary>The name of the file in messages.</summary>
    public static string NameOf(string path) => Path.GetFileName(path) is { Length: > 0 } name ? name : path;

    /// <summary>Opens the file for reading from the beginning.</summary>
    /// <exception cref="DataException">There is no such file, it is a folder, or it may not be read.</exception>
    public static StreamReader Open(string path)
    {
        Encoding encoding = Guarded(path, () => EncodingOf(path));
        return new StreamReader(OpenBytes(path), encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 14);
    }

    /// <summary>
    /// Runs a step of reading and turns every fault of the file system, the compression and the encoding into a <see cref="DataException"/>.
    /// </summary>
    public static T Guarded<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (Explain(path, fault) is { } message)
        {
            throw new DataException(message, fault);
        }
    }

    /// <summary>What <paramref name="fault"/> means for the user of the file, or null if it is not a fault of the file.</summary>
    public static string? Explain(string path, Exception fault)
    {
        string name = NameOf(path);
        return fault switch
        {
            DecoderFallbackException => UndecodableBytes(path),
            InvalidDataException => $"{name}: the file is not a whole gzip file ({fault.Message.TrimEnd('.')}).",
            UnauthorizedAccessException when Directory.Exists(path) => $"'{path}' is a folder; give the name of a file.",
            UnauthorizedAccessException => $"'{path}' may not be read: permission denied.",
            FileNotFoundException or DirectoryNotFoundException => $"There is no file '{path}'.",
            IOException => $"{name}: {fault.Message}",
            ArgumentException when path.Contains('\0', StringComparison.Ordinal) => "The name of the data file holds a zero character.",
            _ => null,
        };
    }

    private static Stream OpenBytes(string path)
    {
        return Guarded<Stream>(path, () =>
        {
            if (path.Length == 0) throw new DataException("The name of the data file is empty.");
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 14, FileOptions.SequentialScan);
            if (!file.CanSeek)
            {
                file.Dispose();
                throw new DataException($"'{path}' can be read only once, and the data are read more than once; save them to a file first.");
            }
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new WholeGzipStream(file) : file;
        });
    }

    private static Encoding EncodingOf(string path)
    {
        using Stream bytes = OpenBytes(path);
        Span<byte> mark = stackalloc byte[2];
        int read = bytes.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        return (read, mark[0], mark[1]) switch
        {
            (2, 0xFF, 0xFE) => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            (2, 0xFE, 0xFF) => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        };
    }

    // The decoder knows no lines, so that the place is looked for again in the bytes. A line feed is never a part of another UTF-8 character.
    private static string UndecodableBytes(string path)
    {
        string name = NameOf(path);
        long line = LineOfInvalidUtf8(path, out byte invalid);
        string place = line > 0 ? $"{name}, line {line}: the byte 0x{invalid:X2} is not UTF-8 text" : $"{name}: the file is not valid text";
        return place + "; save the file in UTF-8 (it may be Latin-1 or Windows-1252, or no text file at all).";
    }

    private static long LineOfInvalidUtf8(string path, out byte invalid)
    {
        invalid = 0;
        try
        {
            return LineOfInvalidUtf8(OpenBytes(path), ref invalid);
        }
        catch (InvalidDataException)
        {
            return 0; // A damaged compressed file: what was decompressed so far need not come out the same again.
        }
    }

    private static long LineOfInvalidUtf8(Stream bytes, ref byte invalid)
    {
        using Stream closed = bytes;
        var line = new List<byte>();
        for (long number = 1; ReadLine(bytes, line); number++)
        {
            ReadOnlySpan<byte> span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line);
            if (Utf8.IsValid(span)) continue;
            invalid = span[ValidPrefix(span)];
            return number;
        }
        return 0;
    }

    private static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        int valid = 0;
        while (valid < bytes.Length && Rune.DecodeFromUtf8(bytes[valid..], out _, out int length) == System.Buffers.OperationStatus.Done)
            valid += length;
        return valid;
    }

    private static bool ReadLine(Stream bytes, List<byte> line)
    {
        line.Clear();
        int next;
        while ((next = bytes.ReadByte()) >= 0)
        {
            line.Add((byte)next);
            if (next == '\n') return true;
        }
        return line.Count > 0;
    }
}
