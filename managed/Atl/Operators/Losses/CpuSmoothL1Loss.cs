using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, SmoothL1LossSpec>]
internal sealed class CpuSmoothL1Loss(CpuDevice device, SmoothL1LossSpec spec) : SmoothL1Loss(device)
{
    public override void Forward(Tensor a, Tensor b, Tensor? inside, Tensor? outside, Tensor loss) =>
        NativeMethods.Check(NativeMethods.SmoothL1LossForward(
        spec.Count, spec.Sigma, spec.Divisor, a.Read(Device), b.Read(Device), inside?.Read(Device)
        ?? 0, outside?.Read(Device) ?? 0, loss.Write(Device)), this, a, b, inside, outside, loss);

    public override void Backward(Tensor a, Tensor b, Tensor? inside, Tensor? outside, float weight, Tensor da) =>
        NativeMethods.Check(NativeMethods.SmoothL1LossBackward(
            spec.Count, spec.Sigma, weight / spec.Divisor, a.Read(Device), b.Read(Device), inside?.Read(Device)
            ?? 0, outside?.Read(Device) ?? 0,
                da.Write(Device)), this, a, b, inside, outside, da);
}
