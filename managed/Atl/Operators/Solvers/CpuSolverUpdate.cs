using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, SolverUpdateSpec>]
internal sealed class CpuSolverUpdate(CpuDevice device, SolverUpdateSpec spec) : SolverUpdate(device)
{
    public override void Update(SolverStep step, Tensor weights, Tensor diff, Tensor history, Tensor? secondHistory)
    {
        CheckCounts(spec, weights, diff, history, secondHistory);
        Layout layout = Tensor.CommonLayout(weights, diff, history, secondHistory);
        NativeMethods.Check(NativeMethods.SolverUpdate(
            spec.Describe(step), weights.ReadWrite(Device, layout), diff.ReadWrite(Device, layout),
            history.ReadWrite(Device, layout),
            spec.HasSecondHistory ? secondHistory!.ReadWrite(Device, layout) : 0), this, weights, diff, history,
            secondHistory);
    }
}
