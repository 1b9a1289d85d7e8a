using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/dropout.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_dropout")]
    internal static partial Status Dropout(
        long n, long c, long spatial, Layout layout, float ratio, ulong key, ulong position, nint x, nint y);
}
