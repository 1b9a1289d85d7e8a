using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, DropoutSpec>]
internal sealed class CpuDropout(CpuDevice device, DropoutSpec spec) : Dropout(device)
{
    public override void Apply(Tensor x, Tensor y, ulong key, ulong position)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        nint px = x.Read(Device, layout);
        (long n, long c, long spatial) = layout == Layout.Plain
            ? (1, 1, spec.Shape.Count)
            : (spec.Shape[0], spec.Shape[1], spec.Shape.CountFrom(2));
        NativeMethods.Check(NativeMethods.Dropout(
            n, c, spatial, layout, spec.Ratio, key, position, px, x.Memory == y.Memory ? y.ReadWrite(Device, layout)
            : y.Write(Device, layout)), this, x, y);
    }
}
