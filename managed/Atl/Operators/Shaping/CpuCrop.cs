using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, CropSpec>]
internal sealed class CpuCrop : Crop
{
    private readonly CropSpec _spec;
    private readonly long[] _extents, _strides;
    private readonly long _offset;

    public CpuCrop(CpuDevice device, CropSpec spec)
        : base(device)
    {
        _spec = spec;
        int axes = spec.Input.NumAxes;
        (_extents, _strides) = (new long[axes], new long[axes]);
        for (int i = 0; i < axes; i++)
        {
            (_extents[i], _strides[i]) = (spec.Output[i], spec.Input.CountFrom(i + 1));
            _offset += spec.Offsets[i] * _strides[i];
        }
    }

    public override void Forward(Tensor x, Tensor y) => NativeMethods.Check(
        NativeMethods.Rearrange(_extents.Length, _extents, _strides, _offset, _spec.Input.Count, x.Read(Device),
            y.Write(Device)), this, x, y);

    public override void Backward(Tensor dy, Tensor dx) => NativeMethods.Check(
        NativeMethods.RearrangeBack(_extents.Length, _extents, _strides, _offset, _spec.Input.Count, dy.Read(Device),
            dx.Write(Device)), this, dy, dx);
}
