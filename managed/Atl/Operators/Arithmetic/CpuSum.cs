using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, SumSpec>]
internal sealed class CpuSum(CpuDevice device, SumSpec spec) : Sum(device)
{
    public override void Forward(IReadOnlyList<Tensor> x, Tensor y)
    {
        if (x.Count == 0)
        {
            y.Zero(Device);
            return;
        }
        Layout layout = Tensor.CommonLayout(x[0], [.. x, y]);
        nint[] sources = new nint[x.Count];
        for (int i = 0; i < sources.Length; i++) sources[i] = x[i].Read(Device, layout);
        bool isTerm = x.Any(term => term.Memory == y.Memory);
        NativeMethods.Check(NativeMethods.Sum(
            spec.Count, sources.Length, sources, isTerm ? y.ReadWrite(Device, layout) : y.Write(Device, layout)), this,
            x, y);
    }
}
