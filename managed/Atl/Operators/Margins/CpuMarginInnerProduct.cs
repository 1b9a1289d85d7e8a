using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, MarginInnerProductSpec>]
internal sealed class CpuMarginInnerProduct(CpuDevice device, MarginInnerProductSpec spec) : MarginInnerProduct(device)
{
    private readonly NativeMargin _margin = spec.Describe();
    private readonly MemoryBlock _state = device.Allocate(3L * spec.Samples * sizeof(float));
    private float? _lambda;

    public override void Forward(Tensor x, Tensor label, Tensor weight, float lambda, Tensor y)
    {
        Check(x, label, weight);
        CheckCount(y, (long)spec.Samples * spec.Classes, "the logits");
        nint px = x.Read(Device), pLabel = label.Read(Device), pWeight = weight.ReadWrite(Device);
        NativeMethods.Check(NativeMethods.MarginForward(_margin, lambda, px, pLabel, pWeight, y.Write(Device),
            _state.Pointer), this, x, label, weight, y);
        _lambda = lambda;
    }

    public override void Backward(Tensor x, Tensor label, Tensor weight, Tensor dy, Tensor? dx, Tensor? dWeight)
    {
        float lambda = _lambda
            ?? throw new InvalidOperationException("a margin inner product has no gradient before its first forward");
        Check(x, label, weight);
        CheckCount(dy, (long)spec.Samples * spec.Classes, "the logits' gradient");
        CheckCount(dx, x.Count, "the samples' gradient");
        CheckCount(dWeight, weight.Count, "the weights' gradient");
        NativeMethods.Check(NativeMethods.MarginBackward(
            _margin, lambda, x.Read(Device), label.Read(Device), weight.Read(Device), _state.Pointer, dy.Read(Device),
            dx?.Write(Device) ?? 0, dWeight?.ReadWrite(Device) ?? 0), this, x, label, weight, dy, dx, dWeight);
    }

    public override void ReplaceRows(Tensor x, Tensor label, RandomStream draws, Tensor weight)
    {
        Check(x, label, weight);
        NativeMethods.Check(NativeMethods.MarginReplaceRows(
            spec.Samples, spec.Classes, spec.Features, x.Read(Device), label.Read(Device), draws.Key, draws.Position,
            weight.ReadWrite(Device)), this, x, label, weight);
        draws.Advance((ulong)spec.Samples);
    }

    protected override void Dispose(bool disposing) => _state.Dispose();

    private void Check(Tensor x, Tensor label, Tensor weight)
    {
        CheckCount(x, (long)spec.Samples * spec.Features, "the samples");
        CheckCount(label, spec.Samples, "the labels");
        CheckCount(weight, (long)spec.Classes * spec.Features, "the weights");
    }
}
