using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/sum.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_sum")]
    internal static partial Status Sum(long count, int terms, ReadOnlySpan<nint> x, nint y);
}
