using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, RecurrenceSpec>]
internal sealed class CpuRecurrence(CpuDevice device, RecurrenceSpec spec) : Recurrence(device)
{
    private readonly NativeRecurrence _recurrence = new()
    {
        Cell = spec.Cell,
        Steps = spec.Steps,
        N = spec.Streams,
        D = spec.Width,
    };

    private readonly Tensor _masked = new(new Shape(spec.Steps, spec.Streams, spec.Width));

    public override void Forward(Tensor cont, Tensor weights, Tensor? fixedInput, Tensor h0, Tensor? c0, Tensor gates,
        Tensor h, Tensor? c) =>
        NativeMethods.Check(NativeMethods.RecurrenceForward(
            _recurrence, cont.Read(Device), weights.Read(Device), fixedInput?.Read(Device) ?? 0, h0.Read(Device),
            c0?.Read(Device) ?? 0, gates.ReadWrite(Device), h.Write(Device), c?.Write(Device) ?? 0,
            _masked.Write(Device)), this, cont, weights, fixedInput, h0, c0, gates, h, c);

    public override void Backward(
        Tensor cont, Tensor weights, Tensor? c0, Tensor h, Tensor? c, Tensor dh, Tensor gates, Tensor? dFixed,
        Tensor? dWeights) =>
        NativeMethods.Check(NativeMethods.RecurrenceBackward(
            _recurrence, cont.Read(Device), weights.Read(Device), c0?.Read(Device) ?? 0, h.Read(Device),
            c?.Read(Device) ?? 0, _masked.Read(Device), dh.Read(Device), gates.ReadWrite(Device),
            dFixed?.Write(Device) ?? 0, dWeights?.ReadWrite(Device) ?? 0), this, cont, weights, c0, h, c, dh, gates,
            dFixed, dWeights);

    protected override void Dispose(bool disposing) => _masked.Dispose();
}
