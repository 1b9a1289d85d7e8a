using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, LabelLogitsSpec>]
internal sealed class CpuLabelLogits(CpuDevice device, LabelLogitsSpec spec) : LabelLogits(device)
{
    private readonly MemoryBlock _state = device.Allocate(2L * spec.Samples * sizeof(float));
    private LabelConstants _constants = new(1);

    public override void Forward(Tensor x, Tensor labels, LabelConstants constants, Tensor y)
    {
        _constants = constants;
        nint from = x.Read(Device);
        NativeMethods.Check(NativeMethods.LabelLogitsForward(
            spec.Describe(_constants), from, labels.Read(Device), x.Memory == y.Memory ? y.ReadWrite(Device)
            : y.Write(Device), _state.Pointer), this, x, labels, y);
    }

    public override void Backward(Tensor x, Tensor labels, Tensor dy, Tensor dx)
    {
        nint from = dy.Read(Device), logits = spec.Hard == 1 ? 0 : x.Read(Device);
        NativeMethods.Check(NativeMethods.LabelLogitsBackward(
            spec.Describe(_constants), logits, labels.Read(Device), _state.Pointer, from,
            dx.Memory == dy.Memory ? dx.ReadWrite(Device) : dx.Write(Device)), this, x, labels, dy, dx);
    }

    protected override void Dispose(bool disposing) => _state.Dispose();
}
