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
            new NativeUnpooling(spec, layout), x.Read(Device, layout), mask.Read(Device, layout), y.Write(Device, layout)));
    }

    public override void Backward(Tensor dy, Tensor mask, Tensor dx)
    {
        Layout layout = Tensor.CommonLayout(dy, mask, dx);
        NativeMethods.Check(NativeMethods.UnpoolingBackward(
            new NativeUnpooling(spec, layout), dy.Read(Device, layout), mask.Read(Device, layout), dx.Write(Device, layout)));
    }
}
