using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, AffineSpec>]
internal sealed class CpuAffine(CpuDevice device, AffineSpec spec) : Affine(device)
{
    public override void Forward(Tensor x, Tensor? scale, Tensor? shift, Tensor y)
    {
        Layout layout = spec.IsByChannel ? Tensor.CommonLayout(x, y) : Layout.Plain;
        nint px = x.Read(Device, layout);
        (long n, long c, long spatial) = spec.View;
        NativeMethods.Check(NativeMethods.AffineForward(
            n, c, spatial, layout, px, scale?.Read(Device) ?? 0, shift?.Read(Device) ?? 0,
            x.Memory == y.Memory ? y.ReadWrite(Device, layout) : y.Write(Device, layout)), this, x, scale, shift, y);
    }

    public override void Backward(Tensor? x, Tensor? scale, Tensor dy, Tensor? dx, Tensor? dscale, Tensor? dshift)
    {
        Tensor? input = dscale is null ? null : x;
        Layout layout = spec.IsByChannel ? Tensor.CommonLayout(dy, input, dx) : Layout.Plain;
        nint px = input?.Read(Device, layout) ?? 0, pdy = dy.Read(Device, layout);
        nint pdx = dx is null ? 0 : dx.Memory == dy.Memory ? dx.ReadWrite(Device, layout) : dx.Write(Device, layout);
        (long n, long c, long spatial) = spec.View;
        NativeMethods.Check(NativeMethods.AffineBackward(
            n, c, spatial, layout, px, scale?.Read(Device) ?? 0, pdy, pdx, dscale?.ReadWrite(Device)
            ?? 0, dshift?.ReadWrite(Device) ?? 0), this, x, scale, dy, dx, dscale, dshift);
    }
}
