using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;

namespace Atl.Operators;

[OperatorFor<CpuDevice, PoolingSpec>]
internal sealed class CpuPooling(CpuDevice device, PoolingSpec spec) : Pooling(device)
{
    private MemoryBlock? _places;
    private Layout _placesLayout;

    public override void Forward(Tensor x, Tensor y, Tensor? mask, RandomStream? draws, bool keepPlaces)
    {
        Layout layout = Tensor.CommonLayout(x, y, mask);
        NativePooling described = spec.Describe(layout);
        nint from = x.Read(Device, layout), to = y.Write(Device, layout);
        nint places = 0;
        if (spec.Method == PoolingMethod.Draw || (spec.Method == PoolingMethod.Max && (keepPlaces || mask is not null)))
        {
            _places ??= Device.Allocate(spec.Output.Count * sizeof(int));
            _placesLayout = layout;
            places = _places.Pointer;
        }
        NativeMethods.Check(spec.Method switch
        {
            PoolingMethod.Max => NativeMethods.PoolingMaxForward(in described, from, to, places),
            PoolingMethod.Average => NativeMethods.PoolingAverageForward(in described, from, to),
            PoolingMethod.Draw => Draw(in described, draws, from, to, places),
            _ => NativeMethods.PoolingExpectationForward(in described, from, to),
        }, this, x, y, mask);
        if (mask is not null)
            NativeMethods.Check(NativeMethods.PoolingMask(spec.Output.Count, places, mask.Write(Device, layout)), this,
                x, y, mask);
    }

    public override void Backward(Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        switch (spec.Method)
        {
            case PoolingMethod.Average:
                Layout layout = Tensor.CommonLayout(dy, dx);
                NativeMethods.Check(NativeMethods.PoolingAverageBackward(spec.Describe(layout), dy.Read(Device, layout),
                    dx.Write(Device, layout)), this, x, y, dy, dx);
                break;
            case PoolingMethod.Expectation:
                layout = Tensor.CommonLayout(dy, x, y, dx);
                nint px = x.Read(Device, layout), py = y.Read(Device, layout), pdy = dy.Read(Device, layout);
                NativeMethods.Check(NativeMethods.PoolingExpectationBackward(spec.Describe(layout), px, py, pdy,
                    dx.Write(Device, layout)), this, x, y, dy, dx);
                break;
            default:
                if (_places is null)
                    throw new InvalidOperationException(
                        "backward after a forward that stored nothing for it");
                // The places lie in the forward's layout; dy is brought there, too.
                layout = dx.Accepts(_placesLayout) && dy.Accepts(_placesLayout)
                    ? _placesLayout
                    : throw new DeviceException(
                        $"the gradient of pooling is not available in layout {_placesLayout} of its forward");
                NativeMethods.Check(NativeMethods.PoolingPlacesBackward(
                    spec.Describe(layout), dy.Read(Device, layout), _places.Pointer, dx.Write(Device, layout)), this,
                    x, y, dy, dx);
                break;
        }
    }

    protected override void Dispose(bool disposing) => _places?.Dispose();

    private Status Draw(in NativePooling described, RandomStream? draws, nint from, nint to, nint places)
    {
        ArgumentNullException.ThrowIfNull(draws);
        Status status = NativeMethods.PoolingDrawForward(in described, draws.Key, draws.Position, from, to, places);
        draws.Advance((ulong)spec.Output.Count);
        return status;
    }
}
