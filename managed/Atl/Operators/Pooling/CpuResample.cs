using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ResampleSpec>]
internal sealed class CpuResample(CpuDevice device, ResampleSpec spec) : Resample(device)
{
    public override void Forward(Tensor x, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        NativeMethods.Check(NativeMethods.ResampleForward(Describe(layout), x.Read(Device, layout),
            y.Write(Device, layout)), this, x, y);
    }

    public override void Backward(Tensor dy, Tensor dx)
    {
        Layout layout = Tensor.CommonLayout(dy, dx);
        NativeMethods.Check(NativeMethods.ResampleBackward(Describe(layout), dy.Read(Device, layout),
            dx.Write(Device, layout)), this, dy, dx);
    }

    private NativeResample Describe(Layout layout) => new()
    {
        N = spec.Input[0],
        C = spec.Input[1],
        InHeight = spec.Input[2],
        InWidth = spec.Input[3],
        Top = spec.CropBegin,
        Left = spec.CropBegin,
        Height = spec.Input[2] - spec.CropBegin - spec.CropEnd,
        Width = spec.Input[3] - spec.CropBegin - spec.CropEnd,
        OutHeight = spec.Output.Height,
        OutWidth = spec.Output.Width,
        Layout = layout,
        Method = spec.Method,
    };
}
