using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, RoiPoolingSpec>]
internal sealed class CpuRoiPooling(CpuDevice device, RoiPoolingSpec spec) : RoiPooling(device)
{
    private readonly NativeRoiPooling _described = new()
    {
        N = spec.Input[0],
        C = spec.Input[1],
        Height = spec.Input[2],
        Width = spec.Input[3],
        Rois = spec.Rois,
        OutHeight = spec.Output.Height,
        OutWidth = spec.Output.Width,
        SpatialScale = spec.SpatialScale,
    };

    private readonly MemoryBlock _places = device.Allocate(
        (long)spec.Rois * spec.Input[1] * spec.Output.Height * spec.Output.Width * sizeof(int));

    public override void Forward(Tensor x, Tensor boxes, Tensor y) =>
        NativeMethods.Check(NativeMethods.RoiPoolingForward(
        _described, x.Read(Device), boxes.Read(Device), y.Write(Device), _places.Pointer), this, x, boxes, y);

    public override void Backward(Tensor dy, Tensor boxes, Tensor dx) =>
        NativeMethods.Check(NativeMethods.RoiPoolingBackward(
        _described, dy.Read(Device), boxes.Read(Device), _places.Pointer, dx.Write(Device)), this, dy, boxes, dx);

    protected override void Dispose(bool disposing) => _places.Dispose();
}
