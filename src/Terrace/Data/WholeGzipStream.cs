using System.Buffers.Binary;
using System.IO.Compression;

namespace Terrace.Data;

/// <summary>
/// Decompresses a gzip file and notices at its end if the file was cut off, which <see cref="GZipStream"/> takes for the end of the data: the last
/// four bytes must
/// be the length of the decompressed data (RFC 1952, ISIZE), unless the file is several gzip members in a row.
/// </summary>
internal sealed class WholeGzipStream(FileStream file) : Stream
{
    private const int MinimumLength = 18;

    private readonly GZipStream _data = new(file, CompressionMode.Decompress);
    private long _length;
    private bool _checked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _length; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int read = _data.Read(buffer);
        _length += read;
        if (read == 0 && buffer.Length > 0 && !_checked) CheckEnd();
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _data.Dispose();
        base.Dispose(disposing);
    }

    private void CheckEnd()
    {
        _checked = true;
        Span<byte> end = stackalloc byte[4];
        if (file.Length >= MinimumLength)
        {
            file.Position = file.Length - end.Length;
            file.ReadExactly(end);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(end);
            if (size == (uint)_length || (size <= _length && HasSecondMember())) return;
        }
        throw new InvalidDataException("It ends too early.");
    }

    // A member begins with the bytes 1F 8B 08, flags of at most 1F, four bytes of time, 0, 2 or 4, and the operating system (0 to 13 or 255): hardly by chance.
    private bool HasSecondMember()
    {
        file.Position = 1;
        (ulong first, uint last) = (0, 0);
        var bytes = new byte[1 << 16];
        for (int read; (read = file.Read(bytes)) > 0;)
        {
            foreach (byte next in bytes.AsSpan(0, read))
            {
                first = (first << 8) | (last >> 8 & 0xFF);
                last = (last << 8) | next;
                bool magic = first >> 40 == 0x1F8B08 && ((first >> 32) & 0xFF) <= 0x1F;
                if (magic && ((last >> 8) & 0xFF) is 0 or 2 or 4 && (last & 0xFF) is <= 13 or 255) return true;
            }
        }
        return false;
    }
}
