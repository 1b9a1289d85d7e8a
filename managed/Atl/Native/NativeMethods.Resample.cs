using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/resample.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_resample_forward")]
    internal static partial Status ResampleForward(in NativeResample resample, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_resample_backward")]
    internal static partial Status ResampleBackward(in NativeResample resample, nint dy, nint dx);
}
