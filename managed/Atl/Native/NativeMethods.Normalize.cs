using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/normalize.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_normalize_forward")]
    internal static partial Status NormalizeForward(in NativeNormalize normalize, nint x, nint scale, nint y, nint inverse, nint norms);

    [LibraryImport(Library, EntryPoint = "atl_normalize_backward")]
    internal static partial Status NormalizeBackward(
        in NativeNormalize normalize, nint x, nint scale, nint inverse, nint dy, nint dnorms, nint dx, nint dscale);
}
