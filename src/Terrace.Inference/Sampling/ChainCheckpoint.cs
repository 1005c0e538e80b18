using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Terrace.Inference.Sampling;

/// <summary>
/// The checkpoint of one chain: <c>chain-1.draws</c> grows by the draws made since, and <c>chain-1.state</c>, replaced whole, says how many of them count and how to go on. A state has a checksum; draws beyond its
/// number are of an interrupted write and are cut off.
/// </summary>
internal sealed class ChainCheckpoint : IDisposable
{
    private const uint Magic = 0x31504354;
    private readonly string _stateFile;
    private readonly byte[] _fingerprint;
    private readonly bool _resume;
    private readonly FileStream _drawsFile;
    private int _written;

    public ChainCheckpoint(string folder, int chain, byte[] fingerprint, bool resume)
    {
        _stateFile = Path.Combine(folder, $"chain-{chain + 1}.state");
        _fingerprint = fingerprint;
        _resume = resume;
        if (!resume && File.Exists(_stateFile))
            throw new SamplingException($"'{folder}' already holds the checkpoint of a run; resume it, or give another folder.");
        _drawsFile = new FileStream(Path.Combine(folder, $"chain-{chain + 1}.draws"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Reads the state, if the chain is to be resumed and there is one.</summary>
    /// <exception cref="SamplingException">The state is damaged or of another run.</exception>
    public bool TryLoad(Action<BinaryReader, Action<int, double[]>> load)
    {
        if (!_resume || !File.Exists(_stateFile)) return false;
        byte[] bytes = File.ReadAllBytes(_stateFile);
        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 4 + _fingerprint.Length || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            throw new SamplingException($"The checkpoint '{_stateFile}' is damaged; delete its folder and run again from the beginning.");
        using var reader = new BinaryReader(new MemoryStream(bytes, 0, length));
        if (reader.ReadUInt32() != Magic) throw new SamplingException($"'{_stateFile}' is no checkpoint of this version; delete its folder and run again from the beginning.");
        if (!reader.ReadBytes(_fingerprint.Length).AsSpan().SequenceEqual(_fingerprint))
            throw new SamplingException($"The checkpoint '{_stateFile}' is of another model, other data or other settings; resume with the same ones, or give another folder.");
        load(reader, ReadDraws);
        return true;
    }

    /// <summary>Adds the new draws to their file, then replaces the state.</summary>
    /// <exception cref="SamplingException">The disk is full or cannot be written to; the state before stays.</exception>
    public void Write(Action<BinaryWriter> save, ReadOnlySpan<double> draws)
    {
        try
        {
            _drawsFile.Position = (long)_written * sizeof(double);
            _drawsFile.Write(MemoryMarshal.AsBytes(draws[_written..]));
            _drawsFile.Flush(flushToDisk: true);
            using var content = new MemoryStream();
            using var writer = new BinaryWriter(content);
            writer.Write(Magic);
            writer.Write(_fingerprint);
            save(writer);
            writer.Flush();
            byte[] bytes = content.ToArray();
            string temporary = _stateFile + ".new";
            using (FileStream file = File.Create(temporary))
            {
                file.Write(bytes);
                file.Write(SHA256.HashData(bytes));
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, _stateFile, overwrite: true);
            _written = draws.Length;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SamplingException($"The checkpoint '{_stateFile}' could not be written: {fault.Message} The one before is whole; make room and resume.", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _drawsFile.Dispose();

    private void ReadDraws(int count, double[] into)
    {
        if (_drawsFile.Length < (long)count * sizeof(double))
            throw new SamplingException($"The draws of the checkpoint '{_drawsFile.Name}' are cut short; delete the folder and run again from the beginning.");
        _drawsFile.Position = 0;
        _drawsFile.ReadExactly(MemoryMarshal.AsBytes(into.AsSpan(0, count)));
        _written = count;
    }
}
