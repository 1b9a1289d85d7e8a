using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, InfogainLossSpec>]
internal sealed class CpuInfogainLoss(CpuDevice device, InfogainLossSpec spec) : InfogainLoss(device)
{
    private readonly NativeLabelLoss _described =
        LabelLosses.Describe(spec.Scores, spec.Axis, Layout.Plain, spec.Normalization, spec.IgnoredLabel);

    public override void Forward(Tensor probabilities, Tensor labels, Tensor infogain, Tensor loss) =>
        NativeMethods.Check(NativeMethods.InfogainLossForward(
        in _described, probabilities.Read(Device), labels.Read(Device), infogain.Read(Device), loss.Write(Device)),
        this, probabilities, labels, infogain, loss);

    public override void Backward(Tensor probabilities, Tensor labels, Tensor infogain, float weight, Tensor dScores) =>
        NativeMethods.Check(NativeMethods.InfogainLossBackward(
            in _described, weight, probabilities.Read(Device), labels.Read(Device), infogain.Read(Device),
            dScores.Write(Device)), this, probabilities, labels, infogain, dScores);
}
