using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/prelu.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_prelu_forward")]
    internal static partial Status PReLUForward(long n, long c, long spatial, Layout layout, nint x, nint slope, nint y);

    [LibraryImport(Library, EntryPoint = "atl_prelu_backward")]
    internal static partial Status PReLUBackward(
        long n, long c, long spatial, Layout layout, int inverted, nint x, nint slope, nint dy, nint dx, nint dslope);
}
