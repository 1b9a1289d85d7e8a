using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, UnpoolingSpec>]
internal sealed class CpuUnpooling(CpuDevice device, UnpoolingSpec spec) : Unpooling(device)
{
    public override void Forward(Tensor x, Tensor mask, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, mask, y);
        NativeMethods.Check(NativeMethods.UnpoolingForward(
            Describe(layout), x.Read(Device, layout), mask.Read(Device, layout), y.Write(Device, layout)), this, x,
            mask, y);
    }

    public override void Backward(Tensor dy, Tensor mask, Tensor dx)
    {
        Layout layout = Tensor.CommonLayout(dy, mask, dx);
        NativeMethods.Check(NativeMethods.UnpoolingBackward(
            Describe(layout), dy.Read(Device, layout), mask.Read(Device, layout), dx.Write(Device, layout)), this, dy,
            mask, dx);
    }

    private NativeUnpooling Describe(Layout layout) => new()
    {
        N = spec.Input[0],
        C = spec.Input[1],
        Pixels = spec.Input.CountFrom(2),
        OutPixels = (long)spec.Output.Height * spec.Output.Width,
        Layout = layout,
    };
}
