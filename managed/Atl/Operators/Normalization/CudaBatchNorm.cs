using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.Native;

namespace Atl.Operators;

/// <summary>native/cuda/batch_norm.cu; the stored statistics stay on the device.</summary>
[OperatorFor<CudaDevice, BatchNormSpec>]
internal sealed class CudaBatchNorm : BatchNorm
{
    private readonly BatchNormSpec _spec;
    private readonly KernelArgument _norm;
    private readonly CudaKernel _parts, _statistics, _stored, _forward, _backwardParts, _means, _backward, _scale;
    private readonly CudaChannelSums _sums;
    private readonly long _channels, _spatial;

    // For each channel the mean, 1 / sqrt(variance + eps), and the means of dy and of dy y.
    private readonly MemoryBlock _state;

    public CudaBatchNorm(CudaDevice device, BatchNormSpec spec)
        : base(device)
    {
        _spec = spec;
        (_channels, _spatial) = (spec.Shape[1], spec.Shape.CountFrom(2));
        _norm = KernelArgument.Of(new NativeBatchNorm
        {
            N = spec.Shape[0],
            C = _channels,
            Spatial = _spatial,
            Eps = spec.Eps,
            Fraction = spec.Fraction,
            Share = spec.Share,
            VarianceShare = spec.VarianceShare,
        });
        _sums = new CudaChannelSums(device, spec.Shape[0], _channels, _spatial);
        _parts = new CudaKernel(device, KernelSignatures.BatchNormStatisticsParts);
        _statistics = new CudaKernel(device, KernelSignatures.BatchNormStatistics);
        _stored = new CudaKernel(device, KernelSignatures.BatchNormStored);
        _forward = new CudaKernel(device, KernelSignatures.BatchNormForward);
        _backwardParts = new CudaKernel(device, KernelSignatures.BatchNormBackwardParts);
        _means = new CudaKernel(device, KernelSignatures.BatchNormBackwardMeans);
        _backward = new CudaKernel(device, KernelSignatures.BatchNormBackward);
        _scale = new CudaKernel(device, KernelSignatures.AffineForward);
        _state = device.Allocate(4 * _channels * sizeof(float));
    }

    private long Count => _spec.Shape.Count;

    private nint Mean => _state.Pointer;

    private nint Inverse => _state.Pointer + (nint)(_channels * sizeof(float));

    private nint Means => _state.Pointer + (nint)(2 * _channels * sizeof(float));

    public override void Forward(Tensor x, Tensor y, Tensor mean, Tensor variance, Tensor weight)
    {
        nint px = x.Read(Device);
        if (_spec.Global)
        {
            _stored.LaunchThreads(_channels, _norm, mean.Read(Device), variance.Read(Device), weight.Read(Device), Mean,
                Inverse);
        }
        else if (Count == 0)
        {
            throw new ShapeException($"a batch of shape {_spec.Shape} has no statistics");
        }
        else
        {
            using Workspace.Loan parts = Device.Workspace.Borrow(_sums.PartsBytes(2));
            _parts.LaunchBlocks(_sums.Blocks, _norm, _sums.Slices, px, parts.Pointer);
            _statistics.LaunchThreads(_channels, _norm, _sums.Slices, px, parts.Pointer, Mean, Inverse,
                mean.ReadWrite(Device), variance.ReadWrite(Device), weight.ReadWrite(Device));
        }
        _forward.LaunchMap(Count, _norm, px, Mean, Inverse, y.WriteOver(x, Device));
    }

    public override void Backward(Tensor x, Tensor dy, Tensor dx)
    {
        nint pdy = dy.Read(Device), px = _spec.Global ? 0 : x.Read(Device), pdx = dx.WriteOver(dy, Device);
        if (_spec.Global)
        {
            _scale.LaunchMap(Count, Count, _channels, _spatial, pdy, Inverse, (nint)0, pdx);
            return;
        }
        using Workspace.Loan parts = Device.Workspace.Borrow(_sums.PartsBytes(2));
        _backwardParts.LaunchBlocks(_sums.Blocks, _norm, _sums.Slices, px, Mean, Inverse, pdy, parts.Pointer);
        _means.LaunchThreads(2 * _channels, _norm, _sums.Slices, parts.Pointer, Means);
        _backward.LaunchMap(Count, _norm, px, Mean, Inverse, Means, pdy, pdx);
    }

    protected override void Dispose(bool disposing) => _state.Dispose();
}
