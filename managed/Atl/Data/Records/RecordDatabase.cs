using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Data;

/// <summary>Opens and makes databases of records by their backend.</summary>
public static class RecordDatabase
{
    private const string Unfinished = ".unfinished", Replaced = ".replaced";

    /// <summary>The words for the backends that Caffe's tools take.</summary>
    public static readonly IReadOnlyList<string> Backends = ["lmdb", "leveldb"];

    /// <summary>The backend of a word of <see cref="Backends"/>.</summary>
    public static DataParameter.Types.DB Parse(string backend) => backend == "leveldb" ? DataParameter.Types.DB.Leveldb
        : DataParameter.Types.DB.Lmdb;

    /// <summary>The backend of the database in a folder; null where there is none.</summary>
    public static DataParameter.Types.DB? BackendAt(string folder) =>
        LmdbReader.IsAt(folder) ? DataParameter.Types.DB.Lmdb
        : LevelDbReader.IsAt(folder) ? DataParameter.Types.DB.Leveldb
        : null;

    /// <summary>Opens one to read.</summary>
    /// <param name="source">The database's folder.</param>
    /// <param name="backend">Its kind.</param>
    /// <param name="logger">The logger that is warned of one whose writer was killed; null for none.</param>
    /// <exception cref="AtlException">There is none of this backend, or it is empty or damaged.</exception>
    public static RecordReader Open(string source, DataParameter.Types.DB backend, ILogger? logger = null) =>
        backend == DataParameter.Types.DB.Lmdb ? new LmdbReader(source) : new LevelDbReader(source, logger);

    /// <summary>
    /// Makes a new one: it is written beside its place under another name and moved there when it is complete, so that
    /// an interrupted run leaves nothing that could be taken for whole.
    /// </summary>
    /// <param name="path">The database's folder.</param>
    /// <param name="backend">Its kind.</param>
    /// <param name="write">Writes the records.</param>
    /// <param name="replace">Puts it in the place of a database of the same kind that is there.</param>
    /// <param name="beforeName">Called when all records are written, before the database takes its name.</param>
    /// <param name="logger">The logger that is warned where other runs cannot be kept from the path; null for
    /// none.</param>
    /// <exception cref="AtlException">Something of this name is there already, as in Caffe; or the records cannot be
    /// written.</exception>
    public static void Create(string path, DataParameter.Types.DB backend, Action<RecordWriter> write,
        bool replace = false, Action? beforeName = null, ILogger? logger = null)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        using OutputLock only = OutputLock.Take(path, "a database",
            note => (logger ?? NullLogger.Instance).Warning("record_database.cpp", $"{note}"));
        if (!replace || BackendAt(path) != backend) CheckUnused(path);
        string unfinished = path + Unfinished;
        Remove(unfinished);
        using IDisposable tracked = TemporaryPaths.Track(unfinished);
        try
        {
            using (RecordWriter writer = backend == DataParameter.Types.DB.Lmdb ? new LmdbWriter(unfinished)
                : new LevelDbWriter(unfinished)) write(writer);
            beforeName?.Invoke();
            PutInPlace(path, replace);
        }
        catch (Exception e)
        {
            Remove(unfinished);
            if (FileFault.Is(e)) throw new AtlException($"{path}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>
    /// Makes a new LMDB in the same way, but what was written stays beside its place when a run is interrupted, and the
    /// next one goes on with it. Hold its <see cref="OutputLock"/> meanwhile.
    /// </summary>
    /// <param name="path">The LMDB's folder.</param>
    /// <param name="goOn">Goes on with what is there; else starts over.</param>
    /// <param name="replace">Puts it in the place of an LMDB that is there.</param>
    /// <param name="write">Writes the records that are not there yet.</param>
    /// <exception cref="AtlException">Something of this name is there already, or the records cannot be
    /// written.</exception>
    internal static void CreateOrContinue(string path, bool goOn, bool replace, Action<LmdbWriter> write)
    {
        path = Path.TrimEndingDirectorySeparator(path);
        if (!replace || !LmdbReader.IsAt(path)) CheckUnused(path);
        string unfinished = path + Unfinished;
        if (!goOn) Remove(unfinished);
        using (LmdbWriter writer = LmdbWriter.Continue(unfinished)) write(writer);
        FileFault.Rethrow(path, () => PutInPlace(path, replace));
    }

    /// <summary>
    /// Whether a run that makes a database at a path has not come to its end, or was interrupted.
    /// </summary>
    public static bool IsUnfinished(string path) =>
        Directory.Exists(Path.TrimEndingDirectorySeparator(path) + Unfinished);

    /// <summary>Refuses a path at which there is something already; an empty folder is none.</summary>
    /// <exception cref="AtlException">There is.</exception>
    public static void CheckUnused(string path)
    {
        if (File.Exists(path))
            throw new AtlException($"{path}: a file of this name is there already, expected a new name");
        if (!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any()) return;
        string found = BackendAt(path) switch
        {
            DataParameter.Types.DB.Lmdb => "an LMDB",
            DataParameter.Types.DB.Leveldb => "a LevelDB",
            _ => "a folder with files",
        };
        throw new AtlException($"{path}: {found} is there already and is not overwritten, expected a new name (or "
            + "remove it first)");
    }

    // At every moment the old database or the new one is whole, be it under another name.
    private static void PutInPlace(string path, bool replace)
    {
        string replaced = path + Replaced;
        Remove(replaced);
        // What was made here meanwhile is nobody's to remove; an empty folder is.
        if (!replace && Directory.Exists(path)) Directory.Delete(path);
        bool old = Directory.Exists(path);
        if (old) Directory.Move(path, replaced);
        try
        {
            Directory.Move(path + Unfinished, path);
            FolderSync.FlushFolderOf(path);
        }
        catch when (old)
        {
            Directory.Move(replaced, path);
            throw;
        }
        Remove(replaced);
    }

    private static void Remove(string folder)
    {
        LmdbWriter.RequireUnlocked(folder);
        FileFault.Rethrow($"{folder}: what an earlier run has left cannot be removed", () =>
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        });
    }
}
