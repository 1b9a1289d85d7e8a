using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/types.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_last_error")]
    private static partial nint LastError();

    [LibraryImport(Library, EntryPoint = "atl_get_threads")]
    internal static partial Status GetThreads(out int threads);

    [LibraryImport(Library, EntryPoint = "atl_set_threads")]
    internal static partial Status SetThreads(int threads);

    [LibraryImport(Library, EntryPoint = "atl_preferred_block")]
    internal static partial Status PreferredBlock(out Layout layout);
}
