using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, CenterLossSpec>]
internal sealed class CpuCenterLoss(CpuDevice device, CenterLossSpec spec) : CenterLoss(device)
{
    private int Absolute => spec.Absolute ? 1 : 0;

    public override void Forward(Tensor x, Tensor labels, Tensor centers, Tensor loss) =>
        NativeMethods.Check(NativeMethods.CenterLossForward(
        spec.Samples, spec.Classes, spec.Features, Absolute, x.Read(Device), labels.Read(Device), centers.Read(Device),
        loss.Write(Device)), this, x, labels, centers, loss);

    public override void Backward(Tensor x, Tensor labels, Tensor centers, float weight, Tensor dx) =>
        NativeMethods.Check(NativeMethods.CenterLossBackward(
        spec.Samples, spec.Classes, spec.Features, Absolute, weight, x.Read(Device), labels.Read(Device),
        centers.Read(Device), dx.Write(Device)), this, x, labels, centers, dx);

    public override void Update(Tensor x, Tensor labels, Tensor centers, Tensor dCenters) =>
        NativeMethods.Check(NativeMethods.CenterLossUpdate(
        spec.Samples, spec.Classes, spec.Features, Absolute, x.Read(Device), labels.Read(Device), centers.Read(Device),
        dCenters.ReadWrite(Device)), this, x, labels, centers, dCenters);
}
