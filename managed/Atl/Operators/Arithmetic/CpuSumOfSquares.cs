using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, SumOfSquaresSpec>]
internal sealed class CpuSumOfSquares(CpuDevice device, SumOfSquaresSpec spec) : SumOfSquares(device)
{
    public override double Compute(IReadOnlyList<Tensor> x)
    {
        CheckCount(spec, x);
        double total = 0;
        foreach (Tensor tensor in x)
        {
            NativeMethods.Check(NativeMethods.SumOfSquares(tensor.Count, tensor.Read(Device, tensor.Layout),
                out double sum), this, x);
            total += sum;
        }
        return total;
    }
}
