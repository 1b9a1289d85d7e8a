using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, SigmoidCrossEntropyLossSpec>]
internal sealed class CpuSigmoidCrossEntropyLoss(CpuDevice device, SigmoidCrossEntropyLossSpec spec)
: SigmoidCrossEntropyLoss(device)
{
    private readonly NativeTargetLoss _described = new()
    {
        Count = spec.Count,
        Batch = spec.Batch,
        Normalization = spec.Normalization,
        HasIgnored = spec.IgnoredTarget.HasValue ? 1 : 0,
        Ignored = spec.IgnoredTarget ?? 0,
    };

    public override void Forward(Tensor logits, Tensor targets, Tensor loss) =>
        NativeMethods.Check(NativeMethods.SigmoidCrossEntropyLossForward(
        in _described, logits.Read(Device), targets.Read(Device), loss.Write(Device)), this, logits, targets, loss);

    public override void Backward(Tensor logits, Tensor targets, float weight, Tensor dLogits) =>
        NativeMethods.Check(NativeMethods.SigmoidCrossEntropyLossBackward(
            in _described, weight, logits.Read(Device), targets.Read(Device), dLogits.Write(Device)), this, logits,
            targets, dLogits);
}
