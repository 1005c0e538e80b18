namespace Terrace.Cli.Output;

/// <summary>
/// The files that a command writes: each is opened under a temporary name beside its place at the start, so that a place which cannot be written is found
/// before the work and not after it, and all are moved to their places together at the end. Without <see cref="Commit"/> nothing is left behind: a wish to stop
/// removes the temporary files at once, even where the work itself takes a while to hear of it.
/// </summary>
internal sealed class OutputFiles : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _stop;
    private bool _isDiscarded;
    private readonly List<(string Path, string? Temporary, FileStream Stream)> _files = [];
    private readonly List<string> _directories = [];
    private readonly string[] _inputs;

    /// <summary>Begins with no file; <paramref name="inputs"/> are files that the command reads, which it will not overwrite.</summary>
    public OutputFiles(CancellationToken cancellation, params IEnumerable<string?> inputs)
    {
        _cancellation = cancellation;
        _inputs = [.. inputs.Where(path => !string.IsNullOrWhiteSpace(path)).Select(path => Final(Path.GetFullPath(path!)))];
        _stop = cancellation.Register(Discard);
    }

    /// <summary>Opens a file to be written at <paramref name="path"/>; what stands there now stays until <see cref="Commit"/>.</summary>
    /// <exception cref="OutputException">The place cannot be written, or holds what the command reads, or another of its files goes there.</exception>
    public Stream Reserve(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            if (Directory.Exists(full)) throw new IOException("it is a directory");
            using Lock.Scope scope = _gate.EnterScope();
            _cancellation.ThrowIfCancellationRequested();
            FileStream stream;
            if (full.StartsWith("/dev/", StringComparison.Ordinal))
            {
                stream = new FileStream(full, FileMode.Open, FileAccess.Write);
                _files.Add((full, null, stream));
                return stream;
            }
            full = Final(full);
            if (_inputs.Contains(full)) throw new OutputException($"'{path}' is read by this command and would be overwritten by what it writes; choose another name for the output.");
            if (_files.Any(file => file.Path == full)) throw new OutputException($"'{path}' is named for two outputs, of which only one would remain; give each a name of its own.");
            string temporary = $"{full}.{Path.GetRandomFileName()}.part";
            stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
            _files.Add((full, temporary, stream));
            return stream;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OutputException($"cannot write '{path}': {Reason(path, fault)}. Choose another place or make this one writable.");
        }
    }

    /// <summary>Makes sure that a directory is there; it is removed again if nothing is committed and it was not there before.</summary>
    /// <exception cref="OutputException">It cannot be made.</exception>
    public void ReserveDirectory(string path)
    {
        try
        {
            using Lock.Scope scope = _gate.EnterScope();
            _cancellation.ThrowIfCancellationRequested();
            for (string? missing = Path.GetFullPath(path); missing is not null && !Directory.Exists(missing); missing = Path.GetDirectoryName(missing)) _directories.Add(missing);
            Directory.CreateDirectory(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OutputException($"cannot make the directory '{path}': {fault.Message.TrimEnd('.')}. Choose another place or make this one writable.");
        }
    }

    /// <summary>Puts every file in its place.</summary>
    /// <exception cref="OperationCanceledException">The wish to stop came before.</exception>
    public void Commit()
    {
        using Lock.Scope scope = _gate.EnterScope();
        _cancellation.ThrowIfCancellationRequested();
        foreach ((_, _, FileStream stream) in _files) stream.Dispose();
        foreach ((string path, string? temporary, _) in _files)
        {
            if (temporary is not null) File.Move(temporary, path, overwrite: true);
        }
        _files.Clear();
        _directories.Clear();
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        foreach ((_, _, FileStream stream) in _files) stream.Dispose();
        Discard();
        _files.Clear();
        _directories.Clear();
    }

    private static string Final(string path) => File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

    private void Discard()
    {
        using Lock.Scope scope = _gate.EnterScope();
        if (_isDiscarded) return;
        _isDiscarded = true;
        foreach ((_, string? temporary, _) in _files)
        {
            if (temporary is not null) File.Delete(temporary);
        }
        foreach (string directory in _directories)
        {
            if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
        }
    }

    private static string Reason(string path, Exception fault)
    {
        string? directory = Path.GetDirectoryName(Path.GetFullPath(path));
        return directory is not null && !Directory.Exists(directory) ? $"the directory '{directory}' does not exist" : fault.Message.TrimEnd('.');
    }
}
