using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/concat.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_concat")]
    internal static partial Status Concat(long outer, int pieces, ReadOnlySpan<long> sizes, ReadOnlySpan<nint> x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_slice")]
    internal static partial Status Slice(long outer, int pieces, ReadOnlySpan<long> sizes, nint x, ReadOnlySpan<nint> y);
}
