using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, RoiPoolingSpec>]
internal sealed class CpuRoiPooling(CpuDevice device, RoiPoolingSpec spec) : RoiPooling(device)
{
    private readonly MemoryBlock _places = device.Allocate(
        (long)spec.Rois * spec.Input[1] * spec.Output.Height * spec.Output.Width * sizeof(int));

    public override void Forward(Tensor x, Tensor boxes, Tensor y) => NativeMethods.Check(NativeMethods.RoiPoolingForward(
        new NativeRoiPooling(spec), x.Read(Device), boxes.Read(Device), y.Write(Device), _places.Pointer));

    public override void Backward(Tensor dy, Tensor boxes, Tensor dx) => NativeMethods.Check(NativeMethods.RoiPoolingBackward(
        new NativeRoiPooling(spec), dy.Read(Device), boxes.Read(Device), _places.Pointer, dx.Write(Device)));

    protected override void Dispose(bool disposing) => _places.Dispose();
}
