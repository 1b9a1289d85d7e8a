using Atl.Native;
using Atl.Operators;

namespace Atl.Devices.Cpu;

[OperatorFor<CpuDevice, SumOfSquaresSpec>]
internal sealed class CpuSumOfSquares(CpuDevice device, SumOfSquaresSpec spec) : SumOfSquares(device)
{
    public override double Compute(Tensor x)
    {
        if (x.Count != spec.Count) throw new ShapeException($"the sum was made for {spec.Count} elements, found shape {x.Shape}");
        NativeMethods.Check(NativeMethods.SumOfSquares(spec.Count, x.Read(Device, x.Layout), out double sum));
        return sum;
    }
}
