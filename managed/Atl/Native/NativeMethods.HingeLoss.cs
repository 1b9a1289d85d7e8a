using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/hinge_loss.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_hinge_loss_forward")]
    internal static partial Status HingeLossForward(long rows, long classes, int squared, nint x, nint labels, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_hinge_loss_backward")]
    internal static partial Status HingeLossBackward(long rows, long classes, int squared, float weight, nint x, nint labels, nint dx);
}
