using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/rearrange.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_rearrange")]
    internal static partial Status Rearrange(
        int axes, ReadOnlySpan<long> extents, ReadOnlySpan<long> strides, long offset, long xCount, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_rearrange_back")]
    internal static partial Status RearrangeBack(
        int axes, ReadOnlySpan<long> extents, ReadOnlySpan<long> strides, long offset, long xCount, nint y, nint x);
}
