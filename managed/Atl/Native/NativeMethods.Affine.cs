using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/affine.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_affine_forward")]
    internal static partial Status AffineForward(long n, long c, long spatial, Layout layout, nint x, nint scale, nint shift, nint y);

    [LibraryImport(Library, EntryPoint = "atl_affine_backward")]
    internal static partial Status AffineBackward(
        long n, long c, long spatial, Layout layout, nint x, nint scale, nint dy, nint dx, nint dscale, nint dshift);
}
