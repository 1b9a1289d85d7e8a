using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// Whether somebody writes to a LevelDB. Who has one open holds a lock on its file LOCK; a process's own locks do not
/// show, and would be lost by a look at the file.
/// </summary>
internal static class LevelDbLock
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> WrittenHere = new(StringComparer.Ordinal);

    /// <summary>Notes that this process writes to a folder, until the result is disposed.</summary>
    public static IDisposable Note(string folder)
    {
        string identity = Identity(folder);
        lock (Gate) WrittenHere.Add(identity);
        return new Noted(identity);
    }

    /// <summary>Refuses a folder that another program has open, or a writer of this one.</summary>
    /// <exception cref="AtlException">It has.</exception>
    public static void RequireUnused(string folder)
    {
        lock (Gate)
            if (WrittenHere.Contains(Identity(folder)) || IsLocked(Path.Combine(folder, "LOCK")))
                throw new AtlException($"{folder}: another program has the LevelDB open and may write to it; wait for "
                    + "its end, or copy the folder");
    }

    private static string Identity(string folder) => PathKinds.Identity(folder) ?? Path.GetFullPath(folder);

    private static bool IsLocked(string file)
    {
        const int TryAgain = 11;
        if (!OperatingSystem.IsLinux() || !File.Exists(file)) return false;
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Lock(0, 0);
            return false;
        }
        catch (IOException e)
        {
            return e.HResult == TryAgain;
        }
        catch (UnauthorizedAccessException)
        {
            // Who may not read the file cannot ask.
            return false;
        }
    }

    private sealed class Noted(string identity) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate) WrittenHere.Remove(identity);
        }
    }
}
