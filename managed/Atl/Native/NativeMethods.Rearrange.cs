using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/rearrange.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_rearrange")]
    internal static partial Status Rearrange(
        int axes, ReadOnlySpan<long> extents, ReadOnlySpan<long> strides, long offset, long xCount, nint x, nint y);
}
