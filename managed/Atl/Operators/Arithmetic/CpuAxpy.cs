using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, AxpySpec>]
internal sealed class CpuAxpy(CpuDevice device, AxpySpec spec) : Axpy(device)
{
    public override void Forward(Tensor a, Tensor x, Tensor y, Tensor result) => NativeMethods.Check(
        NativeMethods.AxpyForward(spec.Rows, spec.Size, a.Read(Device), x.Read(Device), y.Read(Device),
            result.Write(Device)), this, a, x, y, result);

    public override void BackwardScale(Tensor dout, Tensor x, Tensor da) =>
        NativeMethods.Check(NativeMethods.AxpyBackwardScale(spec.Rows, spec.Size, dout.Read(Device), x.Read(Device),
            da.Write(Device)), this, dout, x, da);

    public override void Backward(Tensor dout, Tensor a, Tensor dx) =>
        NativeMethods.Check(NativeMethods.AxpyBackward(spec.Rows, spec.Size, dout.Read(Device), a.Read(Device),
            dx.Write(Device)), this, dout, a, dx);
}
