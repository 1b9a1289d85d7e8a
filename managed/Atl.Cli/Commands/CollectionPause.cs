using System.Runtime;
using Atl.Proto;

namespace Atl.Cli.Commands;

/// <summary>
/// Lets garbage lie while large nets are linted: nearly all that is made for a net of 100,000 layers is in use until
/// the net is done, so that collections took half of the time and freed next to nothing. Collections begin again once
/// <see cref="MostBytes"/> and <see cref="MostForEach"/> for each byte of the files have been allocated, or
/// <see cref="MostOfMemory"/> of the memory.
/// </summary>
/// <remarks>Nothing ends the pause before that: the runtime would collect on the program's way out, which took a
/// seventh of the time.</remarks>
internal static class CollectionPause
{
    // Below this a file is linted before the first collection that would cost anything.
    private const long SmallFile = 1 << 18;

    // What building the nets of a file takes, for each of its bytes.
    private const long BytesForEach = 200;

    // With the program itself, less than 1 GB and 20 times the files.
    private const long MostBytes = 3L << 28;
    private const long MostForEach = 20;

    private const double MostOfMemory = 0.25;

    /// <summary>Begins a pause for the linting of files; none where all are small, or where there is no memory for
    /// it.</summary>
    public static void Begin(IEnumerable<string> paths)
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) return;
        long bytes = paths.Where(path => PathKinds.Of(path) == PathKind.File).Sum(path => new FileInfo(path).Length);
        if (bytes < SmallFile) return;
        double most = Math.Min(MostBytes + (double)MostForEach * bytes,
            MostOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        try
        {
            GC.TryStartNoGCRegion((long)Math.Min(most, (double)BytesForEach * bytes));
        }
        catch (ArgumentOutOfRangeException)
        {
            // More than the collector can set aside: it collects as it always does.
        }
    }
}
