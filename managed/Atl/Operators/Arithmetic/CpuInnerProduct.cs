using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, InnerProductSpec>]
internal sealed class CpuInnerProduct(CpuDevice device, InnerProductSpec spec) : InnerProduct(device, spec)
{
    private int Transposed => Spec.Transpose ? 1 : 0;

    protected override void RunForward(Tensor x, Tensor weights, Tensor? bias, Tensor y) =>
        NativeMethods.Check(NativeMethods.InnerProductForward(
            Spec.Rows, Spec.Outputs, Spec.Inputs, Transposed, x.Read(Device), weights.Read(Device), bias?.Read(Device)
            ?? 0, y.Write(Device)), this, x, weights, bias, y);

    protected override void RunBackwardData(Tensor dy, Tensor weights, Tensor dx) =>
        NativeMethods.Check(NativeMethods.InnerProductBackwardData(
            Spec.Rows, Spec.Outputs, Spec.Inputs, Transposed, dy.Read(Device), weights.Read(Device), dx.Write(Device)),
            this, dy, weights, dx);

    protected override void RunBackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias) =>
        NativeMethods.Check(NativeMethods.InnerProductBackwardWeights(
            Spec.Rows, Spec.Outputs, Spec.Inputs, Transposed, x.Read(Device), dy.Read(Device),
            dWeights?.ReadWrite(Device) ?? 0,
            dBias?.ReadWrite(Device) ?? 0), this, x, dy, dWeights, dBias);
}
