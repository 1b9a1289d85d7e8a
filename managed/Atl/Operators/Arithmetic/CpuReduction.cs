using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ReductionSpec>]
internal sealed class CpuReduction(CpuDevice device, ReductionSpec spec) : Reduction(device)
{
    public override void Forward(Tensor x, Tensor y) => NativeMethods.Check(NativeMethods.ReductionForward(
        spec.Kind, spec.Rows, spec.Columns, spec.Coefficient, x.Read(Device), y.Write(Device)), this, x, y);

    public override void Backward(Tensor x, Tensor dy, Tensor dx) =>
        NativeMethods.Check(NativeMethods.ReductionBackward(
        spec.Kind, spec.Rows, spec.Columns, spec.Coefficient, x.Read(Device), dy.Read(Device), dx.Write(Device)), this,
        x, dy, dx);
}
