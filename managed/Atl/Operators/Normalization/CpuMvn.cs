using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, MvnSpec>]
internal sealed class CpuMvn(CpuDevice device, MvnSpec spec) : Mvn(device)
{
    private readonly Tensor? _deviations = spec.Divide ? new Tensor(new Shape(spec.Rows)) : null;

    public override void Forward(Tensor x, Tensor y)
    {
        nint from = x.Read(Device);
        NativeMethods.Check(NativeMethods.MvnForward(spec.Rows, spec.Size, spec.Epsilon, from, y.Write(Device),
            _deviations?.Write(Device) ?? 0), this, x, y);
    }

    public override void Backward(Tensor y, Tensor dy, Tensor dx)
    {
        nint from = dy.Read(Device);
        NativeMethods.Check(NativeMethods.MvnBackward(
            spec.Rows, spec.Size, spec.Divide ? y.Read(Device) : 0, _deviations?.Read(Device)
            ?? 0, from, dx.Write(Device)), this, y, dy, dx);
    }

    protected override void Dispose(bool disposing) => _deviations?.Dispose();
}
