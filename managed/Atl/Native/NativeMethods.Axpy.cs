using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/axpy.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_axpy_forward")]
    internal static partial Status AxpyForward(long rows, long size, nint a, nint x, nint y, nint @out);

    [LibraryImport(Library, EntryPoint = "atl_axpy_backward_scale")]
    internal static partial Status AxpyBackwardScale(long rows, long size, nint dout, nint x, nint da);

    [LibraryImport(Library, EntryPoint = "atl_axpy_backward")]
    internal static partial Status AxpyBackward(long rows, long size, nint dout, nint a, nint dx);
}
