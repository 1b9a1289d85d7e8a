using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/smooth_l1_loss.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_smooth_l1_loss_forward")]
    internal static partial Status SmoothL1LossForward(long count, float sigma, float divisor, nint a, nint b, nint inside, nint outside, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_smooth_l1_loss_backward")]
    internal static partial Status SmoothL1LossBackward(long count, float sigma, float factor, nint a, nint b, nint inside, nint outside, nint da);
}
