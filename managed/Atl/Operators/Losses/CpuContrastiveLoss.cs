using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ContrastiveLossSpec>]
internal sealed class CpuContrastiveLoss(CpuDevice device, ContrastiveLossSpec spec) : ContrastiveLoss(device)
{
    public override void Forward(Tensor a, Tensor b, Tensor similar, Tensor loss) =>
        NativeMethods.Check(NativeMethods.ContrastiveLossForward(
        spec.Pairs, spec.Features, spec.Margin, spec.Legacy ? 1 : 0, a.Read(Device), b.Read(Device),
        similar.Read(Device), loss.Write(Device)), this, a, b, similar, loss);

    public override void Backward(Tensor a, Tensor b, Tensor similar, float weight, Tensor da) =>
        NativeMethods.Check(NativeMethods.ContrastiveLossBackward(
        spec.Pairs, spec.Features, spec.Margin, spec.Legacy ? 1 : 0, weight, a.Read(Device), b.Read(Device),
        similar.Read(Device), da.Write(Device)), this, a, b, similar, da);
}
