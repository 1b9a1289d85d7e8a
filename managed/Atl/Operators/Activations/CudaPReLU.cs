using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>
/// native/cuda/prelu.cu. In place, forward writes a copy of x beside y where backward may follow: whether x could be
/// found again from y depends on the slopes, which the host does not know without waiting for the device.
/// </summary>
[OperatorFor<CudaDevice, PReLUSpec>]
internal sealed class CudaPReLU : PReLU
{
    private readonly CudaKernel _forward, _backward, _parts;
    private readonly CudaChannelSums _sums;
    private readonly long _n, _channels, _spatial, _count;
    private MemoryBlock? _kept;
    private bool _holds;

    public CudaPReLU(CudaDevice device, PReLUSpec spec)
        : base(device)
    {
        // With one slope the channels do not matter: the array is one row.
        (_n, _channels, _spatial) = spec.Shared ? (1, 1, spec.Shape.Count)
            : (spec.Shape[0], spec.Shape[1], spec.Shape.CountFrom(2));
        _count = spec.Shape.Count;
        _forward = new CudaKernel(device, KernelSignatures.PReLUForward);
        _backward = new CudaKernel(device, KernelSignatures.PReLUBackward);
        _parts = new CudaKernel(device, KernelSignatures.PReLUBackwardParts);
        _sums = new CudaChannelSums(device, _n, _channels, _spatial);
    }

    public override bool KeepsInput => true;

    public override void Forward(Tensor x, Tensor slope, Tensor y, bool forBackward)
    {
        _holds = x.Memory == y.Memory && forBackward;
        if (_holds)
        {
            _kept ??= Device.Allocate(_count * sizeof(float));
        }
        else
        {
            _kept?.Dispose();
            _kept = null;
        }
        nint px = x.Read(Device), pSlope = slope.Read(Device);
        _forward.LaunchMap(_count, _count, _channels, _spatial, px, pSlope, y.WriteOver(x, Device), _kept?.Pointer
            ?? 0);
    }

    public override void Backward(Tensor x, Tensor slope, Tensor dy, Tensor? dx, Tensor? dslope)
    {
        MemoryBlock? kept = _holds
            ? _kept ?? throw new InvalidOperationException("an in-place PReLU has one gradient per forward") : null;
        nint px = kept?.Pointer ?? x.Read(Device), pSlope = slope.Read(Device), pdy = dy.Read(Device);
        nint pdx = dx?.WriteOver(dy, Device) ?? 0;
        if (dslope is null)
        {
            if (pdx != 0) _backward.LaunchMap(_count, _count, _channels, _spatial, px, pSlope, pdy, pdx);
        }
        else
        {
            _sums.Add(1, dslope.ReadWrite(Device), 0, parts =>
                _parts.LaunchBlocks(_sums.Blocks, _n, _channels, _spatial, _sums.Slices, px, pSlope, pdy, pdx, parts));
        }
        // The copy is as large as the blob; with it held until the next forward, a step would hold twice the memory of
        // its activations.
        kept?.Dispose();
        _kept = null;
    }

    protected override void Dispose(bool disposing) => _kept?.Dispose();
}
