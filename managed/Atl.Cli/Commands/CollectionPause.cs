using System.Runtime;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>
/// Lets garbage lie while large nets are linted: nearly all that is made for a net of 100,000 layers is in use until
/// the net is done, so that collections took half of the time and freed next to nothing. Collections begin again once
/// <see cref="MostBytes"/> and <see cref="MostForEach"/> for each byte of the files have been allocated, or
/// <see cref="MostOfMemory"/> of the memory.
/// </summary>
internal sealed class CollectionPause : IDisposable
{
    // Below this a file is linted before the first collection that would cost anything.
    private const long SmallFile = 1 << 18;

    // What building the nets of a file takes, for each of its bytes.
    private const long BytesForEach = 200;

    // With the program itself, less than 1 GB and 20 times the files.
    private const long MostBytes = 3L << 28;
    private const long MostForEach = 20;

    private const double MostOfMemory = 0.25;

    private readonly bool _pauses;

    private CollectionPause(bool pauses) => _pauses = pauses;

    /// <summary>A pause for the linting of files; none where all are small, or where there is no memory for
    /// it.</summary>
    public static CollectionPause For(IEnumerable<string> paths)
    {
        long bytes = paths.Where(path => PathKinds.Of(path) == PathKind.File).Sum(path => new FileInfo(path).Length);
        if (bytes < SmallFile) return new CollectionPause(false);
        double most = Math.Min(MostBytes + (double)MostForEach * bytes,
            MostOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        try
        {
            return new CollectionPause(GC.TryStartNoGCRegion((long)Math.Min(most, (double)BytesForEach * bytes)));
        }
        catch (ArgumentOutOfRangeException)
        {
            return new CollectionPause(false);
        }
    }

    /// <summary>Ends the pause, unless the memory in use has ended it.</summary>
    public void Dispose()
    {
        if (_pauses && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
    }
}
