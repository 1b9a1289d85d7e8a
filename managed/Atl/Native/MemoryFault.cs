using Atl.Proto;

namespace Atl.Native;

/// <summary>Distinguishes a lack of memory from other errors, even if wrapped.</summary>
internal static class MemoryFault
{
    /// <summary>
    /// Whether an error, or one beneath it, is a lack of memory. A thread that cannot be started is one, which a
    /// parallel loop reports in an exception of its own. Thread-safe.
    /// </summary>
    public static bool Is(Exception error) => AtlException.Causes(error).Any(e => e is OutOfMemoryException);
}
