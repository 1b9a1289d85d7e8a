using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/lrn.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_lrn_across_forward")]
    internal static partial Status LrnAcrossForward(
        long n, long c, long spatial, Layout layout, long size, float alpha, float beta, float k, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_lrn_across_backward")]
    internal static partial Status LrnAcrossBackward(
        long n, long c, long spatial, Layout layout, long size, float alpha, float beta, float k, nint x, nint dy, nint dx);

    [LibraryImport(Library, EntryPoint = "atl_lrn_within_forward")]
    internal static partial Status LrnWithinForward(
        long n, long c, long height, long width, Layout layout, long size, float alpha, float beta, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_lrn_within_backward")]
    internal static partial Status LrnWithinBackward(
        long n, long c, long height, long width, Layout layout, long size, float alpha, float beta, nint x, nint dy, nint dx);
}
