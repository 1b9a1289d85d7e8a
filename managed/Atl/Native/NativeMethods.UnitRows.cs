using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/unit_rows.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_unit_rows")]
    internal static partial Status UnitRows(long n, long k, nint w);
}
