using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/infogain_loss.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_infogain_loss_forward")]
    internal static partial Status InfogainLossForward(in LabelLoss lossOf, nint p, nint labels, nint h, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_infogain_loss_backward")]
    internal static partial Status InfogainLossBackward(in LabelLoss lossOf, float weight, nint p, nint labels, nint h, nint dx);
}
