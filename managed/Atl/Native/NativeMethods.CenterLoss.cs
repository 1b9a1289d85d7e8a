using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/center_loss.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_center_loss_forward")]
    internal static partial Status CenterLossForward(long m, long n, long k, int absolute, nint x, nint labels, nint centers, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_center_loss_backward")]
    internal static partial Status CenterLossBackward(
        long m, long n, long k, int absolute, float weight, nint x, nint labels, nint centers, nint dx);

    [LibraryImport(Library, EntryPoint = "atl_center_loss_update")]
    internal static partial Status CenterLossUpdate(long m, long n, long k, int absolute, nint x, nint labels, nint centers, nint dcenters);
}
