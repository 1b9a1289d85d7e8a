using System.Runtime.InteropServices;

namespace Atl.Native;

// atl/softmax.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_softmax_forward")]
    internal static partial Status SoftmaxForward(long outer, long channels, long inner, nint x, nint y);

    [LibraryImport(Library, EntryPoint = "atl_softmax_backward")]
    internal static partial Status SoftmaxBackward(long outer, long channels, long inner, nint y, nint dy, nint dx);

    [LibraryImport(Library, EntryPoint = "atl_softmax_loss_forward")]
    internal static partial Status SoftmaxLossForward(in LabelLoss lossOf, nint x, nint labels, nint stats, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_softmax_loss_backward")]
    internal static partial Status SoftmaxLossBackward(in LabelLoss lossOf, float weight, nint x, nint labels, nint stats, nint dx);
}
