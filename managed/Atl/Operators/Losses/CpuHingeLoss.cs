using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, HingeLossSpec>]
internal sealed class CpuHingeLoss(CpuDevice device, HingeLossSpec spec) : HingeLoss(device)
{
    public override void Forward(Tensor scores, Tensor labels, Tensor loss) =>
        NativeMethods.Check(NativeMethods.HingeLossForward(
        spec.Rows, spec.Classes, spec.Squared ? 1 : 0, scores.Read(Device), labels.Read(Device), loss.Write(Device)),
        this, scores, labels, loss);

    public override void Backward(Tensor scores, Tensor labels, float weight, Tensor dScores) =>
        NativeMethods.Check(NativeMethods.HingeLossBackward(
        spec.Rows, spec.Classes, spec.Squared ? 1 : 0, weight, scores.Read(Device), labels.Read(Device),
        dScores.Write(Device)), this, scores, labels, dScores);
}
