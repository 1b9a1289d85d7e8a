using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, EuclideanLossSpec>]
internal sealed class CpuEuclideanLoss(CpuDevice device, EuclideanLossSpec spec) : EuclideanLoss(device)
{
    // The shapes may differ beyond the first axis (their counts do not), so only equal shapes can be compared in
    // another layout than plain.
    private static Layout LayoutOf(Tensor a, Tensor b, Tensor? da = null) =>
        a.Shape.Equals(b.Shape) ? Tensor.CommonLayout(a, b, da) : Layout.Plain;

    public override void Forward(Tensor a, Tensor b, Tensor loss)
    {
        Layout layout = LayoutOf(a, b);
        nint pa = a.Read(Device, layout), pb = b.Read(Device, layout);
        NativeMethods.Check(NativeMethods.EuclideanLossForward(spec.Count, spec.Batch, pa, pb, loss.Write(Device)),
            this, a, b, loss);
    }

    public override void Backward(Tensor a, Tensor b, float weight, Tensor da)
    {
        Layout layout = LayoutOf(a, b, da);
        nint pa = a.Read(Device, layout), pb = b.Read(Device, layout);
        NativeMethods.Check(NativeMethods.EuclideanLossBackward(spec.Count, weight / spec.Batch, pa, pb,
            da.Write(Device, layout)), this, a, b, da);
    }
}
