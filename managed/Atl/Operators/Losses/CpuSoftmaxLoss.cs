using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, SoftmaxLossSpec>]
internal sealed class CpuSoftmaxLoss : SoftmaxLoss
{
    private readonly SoftmaxLossSpec _spec;
    private readonly MemoryBlock _stats;

    public CpuSoftmaxLoss(CpuDevice device, SoftmaxLossSpec spec)
        : base(device)
    {
        _spec = spec;
        AxisView view = AxisView.Of(spec.Scores, spec.Axis, Layout.Plain);
        _stats = device.Allocate(2 * view.Outer * view.Inner * sizeof(float));
    }

    public override void Forward(Tensor scores, Tensor labels, Tensor loss)
    {
        Layout layout = AxisView.LayoutFor(scores, _spec.Axis);
        NativeLabelLoss described = Describe(layout);
        nint x = scores.Read(Device, layout), label = labels.Read(Device);
        NativeMethods.Check(NativeMethods.SoftmaxLossForward(in described, x, label, _stats.Pointer,
            loss.Write(Device)), this, scores, labels, loss);
    }

    public override void Backward(Tensor scores, Tensor labels, float weight, Tensor dScores)
    {
        Layout layout = AxisView.LayoutFor(scores, _spec.Axis);
        if (!dScores.Accepts(layout)) layout = Layout.Plain;
        NativeLabelLoss described = Describe(layout);
        nint x = scores.Read(Device, layout), label = labels.Read(Device);
        NativeMethods.Check(NativeMethods.SoftmaxLossBackward(in described, weight, x, label, _stats.Pointer,
            dScores.Write(Device, layout)), this, scores, labels, dScores);
    }

    protected override void Dispose(bool disposing) => _stats.Dispose();

    private NativeLabelLoss Describe(Layout layout) =>
        LabelLosses.Describe(_spec.Scores, _spec.Axis, layout, _spec.Normalization, _spec.IgnoredLabel);
}
