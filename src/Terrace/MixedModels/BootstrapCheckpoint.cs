using System.Security.Cryptography;
using System.Text;

namespace Terrace.MixedModels;

/// <summary>
/// The file in which a bootstrap keeps its finished replicates, so that a later run with the same model, data and seed goes on from there. A record that an interruption cut short at the end is dropped;
/// anything else that is not as it was written is refused.
/// </summary>
/// <remarks>
/// Layout: a line that names the format; 32 bytes that tell this bootstrap from others (SHA-256 of model, estimates, responses, seed, kind and statistics; FIPS 180-4 of 2015); then for each replicate its number (4 bytes),
/// flags (1 singular, 2 failed), the length of its message (4 bytes), the statistics (8 bytes each), the message in UTF-8, and the first 8 bytes of the SHA-256 of all that after the 32 bytes. The number of
/// replicates is no part of it, so that a run may be extended. Check: BootstrapCheckpointTests.
/// </remarks>
internal sealed class BootstrapCheckpoint : IDisposable
{
    /// <summary>Takes one finished replicate.</summary>
    public delegate void Restored(int replicate, bool singular, ReadOnlySpan<double> values, string failure);

    private const string Format = "terrace bootstrap checkpoint 1\n";
    private const int CheckLength = 8;
    private const int LongestMessage = 4096;
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly byte[] _identity;

    private BootstrapCheckpoint(FileStream file, byte[] identity) => (_file, _identity) = (file, identity);

    /// <summary>Opens the file: a new one, or with <see cref="BootstrapOptions.Resume"/> one whose replicates are passed to <paramref name="restore"/>.</summary>
    /// <exception cref="ModelException">The file exists and is not to be resumed, is damaged, or belongs to another bootstrap.</exception>
    public static BootstrapCheckpoint Open(string path, BootstrapOptions options, IBootstrapModel model, Restored restore)
    {
        byte[] identity = IdentityOf(options, model);
        bool exists = File.Exists(path);
        if (exists && !options.Resume) throw new ModelException($"The checkpoint file '{path}' exists already; resume from it, delete it, or choose another name.");
        FileStream file = OpenFile(path);
        var checkpoint = new BootstrapCheckpoint(file, identity);
        try
        {
            if (exists && file.Length > 0) checkpoint.Read(path, model.Names.Count, restore);
            else checkpoint.WriteHead();
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Adds a finished replicate; may be called by several threads.</summary>
    public void Append(int replicate, bool singular, ReadOnlySpan<double> values, string failure)
    {
        byte[] record = Record(replicate, singular, values, failure);
        lock (_gate)
        {
            _file.Write(record);
            _file.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The checkpoint file '{path}' cannot be opened: {fault.Message}");
        }
    }

    private void WriteHead()
    {
        _file.Write(Encoding.ASCII.GetBytes(Format));
        _file.Write(_identity);
        _file.Flush();
    }

    private void Read(string path, int width, Restored restore)
    {
        using var reader = new BinaryReader(_file, Encoding.UTF8, leaveOpen: true);
        if (Encoding.ASCII.GetString(reader.ReadBytes(Format.Length)) != Format) throw Damaged(path, "it is no checkpoint of a bootstrap");
        byte[] identity = reader.ReadBytes(_identity.Length);
        if (identity.Length < _identity.Length) throw Damaged(path, "its head is cut short");
        if (!identity.AsSpan().SequenceEqual(_identity))
            throw new ModelException($"The checkpoint file '{path}' is of another bootstrap: model, data, seed, kind of bootstrap or statistics differ. Repeat the original command, or choose another file.");
        long whole = _file.Position;
        while (ReadRecord(reader, path, width, restore)) whole = _file.Position;
        _file.SetLength(whole);
        _file.Position = whole;
    }

    /// <summary>Reads one record; false at the end, and where the last record is cut short.</summary>
    private bool ReadRecord(BinaryReader reader, string path, int width, Restored restore)
    {
        const int Head = 2 * sizeof(int) + 1;
        if (_file.Length - _file.Position < Head) return false;
        int replicate = reader.ReadInt32();
        byte flags = reader.ReadByte();
        int length = reader.ReadInt32();
        if (replicate < 0 || length is < 0 or > LongestMessage || flags > 3 || length > 0 != (flags & 2) > 0) throw Damaged(path, $"the record at byte {_file.Position - Head} makes no sense");
        if (_file.Length - _file.Position < (long)width * sizeof(double) + length + CheckLength) return false;
        var values = new double[width];
        for (int j = 0; j < width; j++) values[j] = reader.ReadDouble();
        string failure = Encoding.UTF8.GetString(reader.ReadBytes(length));
        byte[] record = Record(replicate, (flags & 1) != 0, values, failure);
        if (!reader.ReadBytes(CheckLength).AsSpan().SequenceEqual(record.AsSpan(record.Length - CheckLength))) throw Damaged(path, $"the record of replicate {replicate + 1} was changed");
        restore(replicate, (flags & 1) != 0, values, failure);
        return true;
    }

    private static byte[] Record(int replicate, bool singular, ReadOnlySpan<double> values, string failure)
    {
        byte[] message = Encoding.UTF8.GetBytes(failure.Length > LongestMessage / 4 ? failure[..(LongestMessage / 4)] : failure);
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(replicate);
        writer.Write((byte)((singular ? 1 : 0) | (failure.Length > 0 ? 2 : 0)));
        writer.Write(message.Length);
        foreach (double value in values) writer.Write(value);
        writer.Write(message);
        writer.Flush();
        writer.Write(SHA256.HashData(bytes.ToArray())[..CheckLength]);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Writes numbers with their count.</summary>
    public static void Write(BinaryWriter writer, IReadOnlyList<double> numbers)
    {
        writer.Write(numbers.Count);
        foreach (double value in numbers) writer.Write(value);
    }

    private static byte[] IdentityOf(BootstrapOptions options, IBootstrapModel model)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        model.WriteIdentity(writer);
        foreach (string name in model.Names) writer.Write(name);
        writer.Write(options.Seed);
        writer.Write(options.KeepGroupEffects);
        writer.Flush();
        return SHA256.HashData(bytes.ToArray());
    }

    private static ModelException Damaged(string path, string what) => new($"The checkpoint file '{path}' is damaged ({what}); delete it and begin again.");
}
