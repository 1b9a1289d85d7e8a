namespace Atl.Proto;

/// <summary>
/// A file that belongs to another one: it is written beside its place, where a full disk shows, and takes its name when
/// it is told to. Dispose of it, and what has not taken its name is removed.
/// </summary>
internal sealed class StagedFile : IDisposable
{
    private readonly string _path;
    private readonly IDisposable _tracked;

    /// <summary>Writes the file under a name that is not its own yet.</summary>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public StagedFile(string path, Action<Stream> write)
    {
        _path = path;
        AtomicFile.Write(Staged, write);
        _tracked = TemporaryPaths.Track(Staged);
    }

    private string Staged => _path + ".new";

    /// <summary>Gives the file its name, in place of one that is there.</summary>
    /// <exception cref="AtlException">A folder has this name, or the folder has gone.</exception>
    public void TakeName()
    {
        FileFault.Rethrow($"{PathText.Show(_path)}: cannot be written", () =>
        {
            File.Move(Staged, _path, overwrite: true);
            FolderSync.FlushFolderOf(_path);
        });
    }

    /// <summary>Removes what has the file's name now.</summary>
    /// <exception cref="AtlException">It cannot be removed.</exception>
    public void RemoveOld() =>
        FileFault.Rethrow($"{PathText.Show(_path)}: cannot be replaced", () => File.Delete(_path));

    /// <summary>Removes the file where it has not taken its name.</summary>
    public void Dispose()
    {
        _tracked.Dispose();
        // What brought us here is what counts.
        FileFault.Ignore(() => File.Delete(Staged));
    }
}
