using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, AccuracySpec>]
internal sealed class CpuAccuracy(CpuDevice device, AccuracySpec spec) : Accuracy(device)
{
    public override void Forward(Tensor scores, Tensor labels, Tensor accuracy, Tensor? perClass)
    {
        Layout layout = AxisView.LayoutFor(scores, spec.Axis);
        AxisView view = AxisView.Of(spec.Scores, spec.Axis, layout);
        nint x = scores.Read(Device, layout), label = labels.Read(Device);
        NativeMethods.Check(NativeMethods.Accuracy(
            view.Outer, view.Channels, view.Inner, spec.TopK, spec.IgnoredLabel.HasValue
            ? 1 : 0, spec.IgnoredLabel ?? 0,
            x, label, accuracy.Write(Device), perClass?.Write(Device) ?? 0), this, scores, labels, accuracy, perClass);
    }
}
