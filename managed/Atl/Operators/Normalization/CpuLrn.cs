using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, LrnSpec>]
internal sealed class CpuLrn(CpuDevice device, LrnSpec spec) : Lrn(device)
{
    private readonly long _n = spec.Shape[0];
    private readonly long _c = spec.Shape[1];
    private readonly long _height = spec.Shape[2];
    private readonly long _width = spec.Shape[3];

    public override void Forward(Tensor x, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        nint px = x.Read(Device, layout), py = y.Write(Device, layout);
        NativeMethods.Check(spec.Within
            ? NativeMethods.LrnWithinForward(_n, _c, _height, _width, layout, spec.Size, spec.Alpha, spec.Beta, px, py)
            : NativeMethods.LrnAcrossForward(_n, _c, _height * _width, layout, spec.Size, spec.Alpha, spec.Beta, spec.K,
                px, py), this, x, y);
    }

    public override void Backward(Tensor x, Tensor dy, Tensor dx)
    {
        Layout layout = Tensor.CommonLayout(dy, x, dx);
        nint px = x.Read(Device, layout), pdy = dy.Read(Device, layout);
        nint pdx = dx.Memory == dy.Memory ? dx.ReadWrite(Device, layout) : dx.Write(Device, layout);
        NativeMethods.Check(spec.Within
            ? NativeMethods.LrnWithinBackward(_n, _c, _height, _width, layout, spec.Size, spec.Alpha, spec.Beta, px,
                pdy, pdx)
            : NativeMethods.LrnAcrossBackward(_n, _c, _height * _width, layout, spec.Size, spec.Alpha, spec.Beta,
                spec.K, px, pdy, pdx), this, x, dy, dx);
    }
}
