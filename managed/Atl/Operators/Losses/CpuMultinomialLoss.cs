using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, MultinomialLossSpec>]
internal sealed class CpuMultinomialLoss(CpuDevice device, MultinomialLossSpec spec) : MultinomialLoss(device)
{
    public override void Forward(Tensor probabilities, Tensor labels, Tensor loss) =>
        NativeMethods.Check(NativeMethods.MultinomialLossForward(
        spec.Rows, spec.Classes, probabilities.Read(Device), labels.Read(Device), loss.Write(Device)), this,
        probabilities, labels, loss);

    public override void Backward(Tensor probabilities, Tensor labels, float weight, Tensor dProbabilities) =>
        NativeMethods.Check(NativeMethods.MultinomialLossBackward(
            spec.Rows, spec.Classes, weight, probabilities.Read(Device), labels.Read(Device),
            dProbabilities.Write(Device)), this, probabilities, labels, dProbabilities);
}
