using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, LrnSpec>]
internal sealed class CpuLrn(CpuDevice device, LrnSpec spec) : Lrn(device)
{
    public override void Forward(Tensor x, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        NativeMethods.Check(
            NativeMethods.LrnForward(spec.Describe(layout), x.Read(Device, layout), y.Write(Device, layout)),
            this, x, y);
    }

    public override void Backward(Tensor x, Tensor dy, Tensor dx)
    {
        Layout layout = Tensor.CommonLayout(dy, x, dx);
        nint px = x.Read(Device, layout), pdy = dy.Read(Device, layout);
        nint pdx = dx.Memory == dy.Memory ? dx.ReadWrite(Device, layout) : dx.Write(Device, layout);
        NativeMethods.Check(NativeMethods.LrnBackward(spec.Describe(layout), px, pdy, pdx), this, x, dy, dx);
    }
}
