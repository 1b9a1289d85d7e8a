using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/pooling.cu.</summary>
[OperatorFor<CudaDevice, PoolingSpec>]
internal sealed class CudaPooling : Pooling
{
    private readonly PoolingSpec _spec;
    private readonly CudaKernel _forward, _backward;
    private readonly KernelArgument _pooling;
    private MemoryBlock? _places;

    public CudaPooling(CudaDevice device, PoolingSpec spec)
        : base(device)
    {
        _spec = spec;
        (KernelSignature forward, KernelSignature backward) = spec.Method switch
        {
            PoolingMethod.Max => (KernelSignatures.PoolingMaxForward, KernelSignatures.PoolingPlacesBackward),
            PoolingMethod.Average => (KernelSignatures.PoolingAverageForward, KernelSignatures.PoolingAverageBackward),
            PoolingMethod.Draw => (KernelSignatures.PoolingDrawForward, KernelSignatures.PoolingPlacesBackward),
            _ => (KernelSignatures.PoolingExpectationForward, KernelSignatures.PoolingExpectationBackward),
        };
        (_forward, _backward) = (new CudaKernel(device, forward), new CudaKernel(device, backward));
        _pooling = KernelArgument.Of(spec.Describe(Layout.Plain));
    }

    public override void Forward(Tensor x, Tensor y, Tensor? mask, RandomStream? draws, bool keepPlaces)
    {
        nint from = x.Read(Device), to = y.Write(Device);
        if (_spec.Method == PoolingMethod.Draw || (_spec.Method == PoolingMethod.Max && keepPlaces))
            _places ??= Device.Allocate(_spec.Output.Count * sizeof(int));
        long count = _spec.Output.Count;
        switch (_spec.Method)
        {
            case PoolingMethod.Max:
                _forward.LaunchThreads(count, _pooling, from, to, _places?.Pointer ?? 0, mask?.Write(Device) ?? 0);
                break;
            case PoolingMethod.Draw:
                ArgumentNullException.ThrowIfNull(draws);
                _forward.LaunchThreads(count, _pooling, draws.Key, draws.Position, from, to, _places!.Pointer);
                draws.Advance((ulong)count);
                break;
            default:
                _forward.LaunchThreads(count, _pooling, from, to);
                break;
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        nint pdy = dy.Read(Device);
        long count = _spec.Input.Count;
        switch (_spec.Method)
        {
            case PoolingMethod.Average:
                _backward.LaunchThreads(count, _pooling, pdy, dx.Write(Device));
                break;
            case PoolingMethod.Expectation:
                nint px = x.Read(Device), py = y.Read(Device);
                _backward.LaunchThreads(count, _pooling, px, py, pdy, dx.Write(Device));
                break;
            default:
                if (_places is null)
                    throw new InvalidOperationException(
                        "backward after a forward that stored nothing for it");
                _backward.LaunchThreads(count, _pooling, pdy, _places.Pointer, dx.Write(Device));
                break;
        }
    }

    protected override void Dispose(bool disposing) => _places?.Dispose();
}
