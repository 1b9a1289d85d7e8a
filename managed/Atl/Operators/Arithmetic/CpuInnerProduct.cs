using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, InnerProductSpec>]
internal sealed class CpuInnerProduct(CpuDevice device, InnerProductSpec spec) : InnerProduct(device)
{
    private int Transposed => spec.Transpose ? 1 : 0;

    public override void Forward(Tensor x, Tensor weights, Tensor? bias, Tensor y) =>
        NativeMethods.Check(NativeMethods.InnerProductForward(
            spec.Rows, spec.Outputs, spec.Inputs, Transposed, x.Read(Device), weights.Read(Device), bias?.Read(Device)
            ?? 0, y.Write(Device)), this, x, weights, bias, y);

    public override void BackwardData(Tensor dy, Tensor weights, Tensor dx) =>
        NativeMethods.Check(NativeMethods.InnerProductBackwardData(
            spec.Rows, spec.Outputs, spec.Inputs, Transposed, dy.Read(Device), weights.Read(Device), dx.Write(Device)),
            this, dy, weights, dx);

    public override void BackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias) =>
        NativeMethods.Check(NativeMethods.InnerProductBackwardWeights(
            spec.Rows, spec.Outputs, spec.Inputs, Transposed, x.Read(Device), dy.Read(Device),
            dWeights?.ReadWrite(Device) ?? 0,
            dBias?.ReadWrite(Device) ?? 0), this, x, dy, dWeights, dBias);
}
