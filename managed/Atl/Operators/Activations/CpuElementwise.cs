using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ElementwiseSpec>]
internal sealed class CpuElementwise(CpuDevice device, ElementwiseSpec spec) : Elementwise(device, spec)
{
    protected override void RunForward(Tensor x, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        nint from = x.Read(Device, layout);
        NativeMethods.Check(NativeMethods.ElementwiseForward(
            Spec.Function, Spec.Count, Spec.A, Spec.B, Spec.C, from, x.Memory == y.Memory ? y.ReadWrite(Device, layout)
            : y.Write(Device, layout)), this, x, y);
    }

    protected override void RunBackward(Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        bool readsInput = Spec.GradientNeedsInput;
        Tensor read = readsInput ? x : y;
        Layout layout = Tensor.CommonLayout(dy, read, dx);
        nint pointer = read.Read(Device, layout), pdy = dy.Read(Device, layout);
        NativeMethods.Check(NativeMethods.ElementwiseBackward(
            Spec.Function, Spec.Count, Spec.A, Spec.B, Spec.C, readsInput ? pointer : 0, readsInput ? 0 : pointer, pdy,
            dx.Memory == dy.Memory ? dx.ReadWrite(Device, layout) : dx.Write(Device, layout)), this, x, y, dy, dx);
    }
}
