using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/euclidean_loss.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_euclidean_loss_forward")]
    internal static partial Status EuclideanLossForward(long count, long batch, nint a, nint b, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_euclidean_loss_backward")]
    internal static partial Status EuclideanLossBackward(long count, float scale, nint a, nint b, nint dx);
}
