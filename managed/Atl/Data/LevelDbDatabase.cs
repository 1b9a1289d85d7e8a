using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// An open LevelDB. LevelDB lets a process open a folder once only, so readers of the same folder (those of a training and a test net) share one.
/// </summary>
internal sealed class LevelDbDatabase
{
    private const int MaxOpenFiles = 100;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, LevelDbDatabase> OpenToRead = new(StringComparer.Ordinal);

    private readonly string _folder;
    private int _readers;

    private LevelDbDatabase(string folder, nint handle) => (_folder, Handle) = (folder, handle);

    /// <summary>The library's handle.</summary>
    public nint Handle { get; }

    /// <summary>Opens one to read, or takes the one that is open.</summary>
    /// <exception cref="AtlException">There is no LevelDB, it is damaged, or another process has it open.</exception>
    public static LevelDbDatabase Read(string source)
    {
        string folder = Path.GetFullPath(source);
        lock (Gate)
        {
            if (!OpenToRead.TryGetValue(folder, out LevelDbDatabase? database))
            {
                LevelDbCheck.Require(source);
                OpenToRead[folder] = database = new LevelDbDatabase(folder, Open(source, options => LevelDbLibrary.SetParanoidChecks(options, 1)));
            }
            database._readers++;
            return database;
        }
    }

    /// <summary>Makes a new one, with the settings of Caffe's.</summary>
    /// <exception cref="AtlException">There is one already, or the folder cannot be written.</exception>
    public static LevelDbDatabase Create(string folder) => new(folder, Open(folder, options =>
    {
        LevelDbLibrary.SetCreateIfMissing(options, 1);
        LevelDbLibrary.SetErrorIfExists(options, 1);
        LevelDbLibrary.SetBlockSize(options, 1 << 16);
        LevelDbLibrary.SetWriteBufferSize(options, 1 << 26);
    }));

    /// <summary>Closes it after its last user.</summary>
    public void Release()
    {
        lock (Gate)
        {
            if (--_readers > 0) return;
            OpenToRead.Remove(_folder);
            LevelDbLibrary.Close(Handle);
        }
    }

    private static nint Open(string folder, Action<nint> set)
    {
        nint options = LevelDbLibrary.Checked(folder, _ => LevelDbLibrary.CreateOptions());
        try
        {
            LevelDbLibrary.SetMaxOpenFiles(options, MaxOpenFiles);
            set(options);
            return LevelDbLibrary.Checked($"{folder}: the LevelDB cannot be opened", error => LevelDbLibrary.Open(options, folder, error));
        }
        finally
        {
            LevelDbLibrary.DestroyOptions(options);
        }
    }
}
