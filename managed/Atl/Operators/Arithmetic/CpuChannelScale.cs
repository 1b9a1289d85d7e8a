using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, ChannelScaleSpec>]
internal sealed class CpuChannelScale(CpuDevice device, ChannelScaleSpec spec) : ChannelScale(device)
{
    private readonly (long N, long C, long Spatial) _view = (spec.Shape[0], spec.Shape[1], spec.Shape.CountFrom(2));

    public override void Forward(Tensor x, Tensor scale, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        NativeMethods.Check(NativeMethods.ChannelScaleForward(
            _view.N, _view.C, _view.Spatial, layout, x.Read(Device, layout), scale.Read(Device),
            y.Write(Device, layout)), this, x, scale, y);
    }

    public override void BackwardScale(Tensor dy, Tensor x, Tensor dScale)
    {
        Layout layout = Tensor.CommonLayout(dy, x);
        NativeMethods.Check(NativeMethods.ChannelScaleBackwardScale(
            _view.N, _view.C, _view.Spatial, layout, dy.Read(Device, layout), x.Read(Device, layout),
            dScale.Write(Device)), this, dy, x, dScale);
    }
}
