using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/memory.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_alloc")]
    internal static partial Status Alloc(long bytes, out nint pointer);

    [LibraryImport(Library, EntryPoint = "atl_free")]
    internal static partial Status Free(nint pointer);

    [LibraryImport(Library, EntryPoint = "atl_fill")]
    internal static partial Status Fill(long count, float value, nint y);

    [LibraryImport(Library, EntryPoint = "atl_copy")]
    internal static partial Status Copy(long count, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_reorder")]
    internal static partial Status Reorder(long n, long c, long spatial, Layout from, nint x, Layout to, nint y);
}
