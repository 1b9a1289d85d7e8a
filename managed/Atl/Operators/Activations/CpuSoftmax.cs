using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, SoftmaxSpec>]
internal sealed class CpuSoftmax(CpuDevice device, SoftmaxSpec spec) : Softmax(device, spec)
{
    protected override void RunForward(Tensor x, Tensor y)
    {
        Layout layout = CommonLayout(x, y);
        AxisView view = AxisView.Of(Spec.Shape, Spec.Axis, layout);
        nint from = x.Read(Device, layout), to = x.Memory == y.Memory ? y.ReadWrite(Device, layout)
            : y.Write(Device, layout);
        NativeMethods.Check(NativeMethods.SoftmaxForward(view.Outer, view.Channels, view.Inner, from, to), this, x, y);
    }

    protected override void RunBackward(Tensor y, Tensor dy, Tensor dx)
    {
        Layout layout = CommonLayout(dy, y, dx);
        AxisView view = AxisView.Of(Spec.Shape, Spec.Axis, layout);
        nint py = y.Read(Device, layout), pdy = dy.Read(Device, layout);
        nint to = dx.Memory == dy.Memory ? dx.ReadWrite(Device, layout) : dx.Write(Device, layout);
        NativeMethods.Check(NativeMethods.SoftmaxBackward(view.Outer, view.Channels, view.Inner, py, pdy, to), this, y,
            dy, dx);
    }

    private Layout CommonLayout(Tensor leader, params ReadOnlySpan<Tensor?> others)
    {
        Layout layout = AxisView.LayoutFor(leader, Spec.Axis);
        foreach (Tensor? other in others)
            if (!other!.Accepts(layout))
                return Layout.Plain;
        return layout;
    }
}
