using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/contrastive_loss.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_contrastive_loss_forward")]
    internal static partial Status ContrastiveLossForward(
        long pairs, long features, float margin, int legacy, nint a, nint b, nint similar, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_contrastive_loss_backward")]
    internal static partial Status ContrastiveLossBackward(
        long pairs, long features, float margin, int legacy, float weight, nint a, nint b, nint similar, nint da);
}
