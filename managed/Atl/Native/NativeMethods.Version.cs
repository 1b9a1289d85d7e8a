using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/version.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_version")]
    internal static partial nint Version();

    [LibraryImport(Library, EntryPoint = "atl_check_processor")]
    internal static partial Status CheckProcessor();
}
