using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, NormalizeSpec>]
internal sealed class CpuNormalize(CpuDevice device, NormalizeSpec spec) : Normalize(device)
{
    private readonly MemoryBlock _inverse = device.Allocate(spec.Samples * (spec.AcrossSpatial
        ? 1 : spec.Spatial) * sizeof(float));

    public override void Forward(Tensor x, Tensor? scale, Tensor y, Tensor? norms)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        NativeMethods.Check(NativeMethods.NormalizeForward(
            spec.Describe(layout), x.Read(Device, layout), scale?.Read(Device) ?? 0, y.Write(Device, layout),
            _inverse.Pointer,
            norms?.Write(Device) ?? 0), this, x, scale, y, norms);
    }

    public override void Backward(Tensor x, Tensor? scale, Tensor dy, Tensor? dNorms, Tensor? dx, Tensor? dScale)
    {
        Layout layout = Tensor.CommonLayout(dy, x, dx);
        NativeMethods.Check(NativeMethods.NormalizeBackward(
            spec.Describe(layout), x.Read(Device, layout), scale?.Read(Device)
            ?? 0, _inverse.Pointer, dy.Read(Device, layout),
            dNorms?.Read(Device) ?? 0, dx?.Write(Device, layout) ?? 0, dScale?.ReadWrite(Device)
            ?? 0), this, x, scale, dy, dNorms, dx, dScale);
    }

    protected override void Dispose(bool disposing) => _inverse.Dispose();
}
