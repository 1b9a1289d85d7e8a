using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ResampleSpec>]
internal sealed class CpuResample(CpuDevice device, ResampleSpec spec) : Resample(device)
{
    public override void Forward(Tensor x, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        NativeMethods.Check(NativeMethods.ResampleForward(new NativeResample(spec, layout), x.Read(Device, layout), y.Write(Device, layout)));
    }

    public override void Backward(Tensor dy, Tensor dx)
    {
        Layout layout = Tensor.CommonLayout(dy, dx);
        NativeMethods.Check(NativeMethods.ResampleBackward(new NativeResample(spec, layout), dy.Read(Device, layout), dx.Write(Device, layout)));
    }
}
