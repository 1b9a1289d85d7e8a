namespace Atl.Face.Faces;

/// <summary>
/// Keeps other processes away for a moment, also those of other machines that share the folder: the lock is a file that
/// only one of them can create, and that it removes.
/// </summary>
internal sealed class LockFile : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), Patience = TimeSpan.FromSeconds(10);

    private readonly string _path;

    private LockFile(string path) => _path = path;

    /// <summary>
    /// Waits for the lock; one that stays longer than any process needs it was left by one that was killed.
    /// </summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static LockFile Take(string path)
    {
        long begin = Environment.TickCount64;
        while (true)
        {
            bool late = Environment.TickCount64 - begin > Patience.TotalMilliseconds;
            try
            {
                new FileStream(path, late ? FileMode.Create : FileMode.CreateNew).Dispose();
                return new LockFile(path);
            }
            catch (IOException e) when (!late && e is not DirectoryNotFoundException)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    public void Dispose() => File.Delete(_path);
}
