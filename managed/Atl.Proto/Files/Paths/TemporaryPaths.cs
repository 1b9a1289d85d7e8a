using System.Collections.Concurrent;

namespace Atl.Proto;

/// <summary>
/// The unfinished files and folders that this process is writing now, so that a program that is told to end can remove
/// them. Any thread may use it.
/// </summary>
internal static class TemporaryPaths
{
    private static readonly ConcurrentDictionary<string, byte> Live = new(StringComparer.Ordinal);

    /// <summary>Takes note of a path until disposal; its maker removes or renames what is there.</summary>
    public static IDisposable Track(string path) => new Tracked(Path.GetFullPath(path));

    /// <summary>Removes whatever is tracked now; what cannot be removed stays.</summary>
    public static void RemoveAll()
    {
        // The program is about to end; the next run replaces what it finds under a temporary name.
        foreach (string path in Live.Keys)
            FileFault.Ignore(() =>
            {
                if (Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
                else
                    File.Delete(path);
            });
    }

    private sealed class Tracked : IDisposable
    {
        private readonly string _path;

        public Tracked(string path)
        {
            _path = path;
            Live[path] = 0;
        }

        public void Dispose() => Live.TryRemove(_path, out _);
    }
}
