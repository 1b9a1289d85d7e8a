using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/batch_norm.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_batch_norm_statistics")]
    internal static partial Status BatchNormStatistics(long n, long c, long spatial, Layout layout, nint x, nint mean, nint variance);

    [LibraryImport(Library, EntryPoint = "atl_batch_norm_forward")]
    internal static partial Status BatchNormForward(
        long n, long c, long spatial, Layout layout, float eps, nint x, nint mean, nint variance, nint y);

    [LibraryImport(Library, EntryPoint = "atl_batch_norm_backward")]
    internal static partial Status BatchNormBackward(
        long n, long c, long spatial, Layout layout, float eps, nint x, nint mean, nint variance, nint dy, nint dx);

    [LibraryImport(Library, EntryPoint = "atl_batch_norm_backward_global")]
    internal static partial Status BatchNormBackwardGlobal(
        long n, long c, long spatial, Layout layout, float eps, nint variance, nint dy, nint dx);
}
