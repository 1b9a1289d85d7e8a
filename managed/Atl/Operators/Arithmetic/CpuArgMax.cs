using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ArgMaxSpec>]
internal sealed class CpuArgMax(CpuDevice device, ArgMaxSpec spec) : ArgMax(device)
{
    public override void Forward(Tensor x, Tensor y)
    {
        long size = spec.TopK * spec.Inner;
        nint from = x.Read(Device), to = y.Write(Device);
        (long stride, nint indices, nint values) = spec.Output switch
        {
            ArgMaxOutput.Indices => (size, to, 0),
            ArgMaxOutput.Values => (size, 0, to),
            _ => (2 * size, to, to + (nint)(size * sizeof(float))),
        };
        NativeMethods.Check(NativeMethods.ArgMax(spec.Outer, spec.Channels, spec.Inner, spec.TopK, stride, from,
            indices, values), this, x, y);
    }
}
