using Atl.Operators;
using System.Runtime.InteropServices;

namespace Atl.Native;

/// <summary><c>atl_target_loss</c> of atl/sigmoid_cross_entropy_loss.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TargetLoss
{
    public long Count;
    public long Batch;
    public LossNormalization Normalization;
    public int HasIgnored;
    public int Ignored;
}

// atl/sigmoid_cross_entropy_loss.h
internal static partial class NativeMethods
{
    [LibraryImport(Library, EntryPoint = "atl_sigmoid_cross_entropy_loss_forward")]
    internal static partial Status SigmoidCrossEntropyLossForward(in TargetLoss lossOf, nint x, nint t, nint loss);

    [LibraryImport(Library, EntryPoint = "atl_sigmoid_cross_entropy_loss_backward")]
    internal static partial Status SigmoidCrossEntropyLossBackward(in TargetLoss lossOf, float weight, nint x, nint t, nint dx);
}
