using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/mvn.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_mvn_forward")]
    internal static partial Status MvnForward(long rows, long size, float eps, nint x, nint y, nint deviations);

    [LibraryImport(Library, EntryPoint = "atl_mvn_backward")]
    internal static partial Status MvnBackward(long rows, long size, nint y, nint deviations, nint dy, nint dx);
}
