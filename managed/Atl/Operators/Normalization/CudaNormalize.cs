using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/normalize.cu.</summary>
[OperatorFor<CudaDevice, NormalizeSpec>]
internal sealed class CudaNormalize : Normalize
{
    private readonly NormalizeSpec _spec;
    private readonly KernelArgument _normalize;
    private readonly CudaKernel _norms, _forward, _shares, _backward, _parts, _add;
    private readonly CudaChannelSums _sums;
    private readonly MemoryBlock _inverse;

    public CudaNormalize(CudaDevice device, NormalizeSpec spec)
        : base(device)
    {
        _spec = spec;
        _normalize = KernelArgument.Of(spec.Describe(Layout.Plain));
        _norms = new CudaKernel(device, KernelSignatures.NormalizeNorms);
        _forward = new CudaKernel(device, KernelSignatures.NormalizeForward);
        _shares = new CudaKernel(device, KernelSignatures.NormalizeShares);
        _backward = new CudaKernel(device, KernelSignatures.NormalizeBackward);
        _parts = new CudaKernel(device, KernelSignatures.NormalizeScaleParts);
        _add = new CudaKernel(device, KernelSignatures.NormalizeScaleAdd);
        _sums = new CudaChannelSums(device, N, C, S);
        _inverse = device.Allocate(Norms * sizeof(float));
    }

    private long N => _spec.Samples;

    private long C => _spec.Channels;

    private long S => _spec.Spatial;

    private long Count => N * C * S;

    private long Norms => N * (_spec.AcrossSpatial ? 1 : S);

    public override void Forward(Tensor x, Tensor? scale, Tensor y, Tensor? norms)
    {
        nint px = x.Read(Device), pScale = scale?.Read(Device) ?? 0, py = y.Write(Device);
        if (Count == 0) return;
        LaunchNorms(_norms, _normalize, px, _inverse.Pointer, norms?.Write(Device) ?? 0);
        _forward.LaunchThreads(Count, _normalize, px, pScale, _inverse.Pointer, py);
    }

    public override void Backward(Tensor x, Tensor? scale, Tensor dy, Tensor? dNorms, Tensor? dx, Tensor? dScale)
    {
        if (Count == 0) return;
        nint px = x.Read(Device), pScale = scale?.Read(Device) ?? 0, pdy = dy.Read(Device), inverse = _inverse.Pointer;
        if (dScale is not null) AddScaleGradient(px, pdy, dScale.ReadWrite(Device));
        if (dx is null) return;
        using Workspace.Loan shares = Device.Workspace.Borrow(Norms * sizeof(float));
        LaunchNorms(
            _shares, _normalize, px, pScale, inverse, pdy, dNorms?.Read(Device) ?? 0, shares.Pointer);
        _backward.LaunchThreads(
            Count, _normalize, px, pScale, inverse, pdy, shares.Pointer, dx.Write(Device));
    }

    protected override void Dispose(bool disposing) => _inverse.Dispose();

    private void AddScaleGradient(nint x, nint dy, nint dScale)
    {
        void Sum(nint parts) =>
            _parts.LaunchBlocks(_sums.Blocks, _normalize, _sums.Slices, x, _inverse.Pointer, dy, parts);
        if (_spec.Scale == NormalizeScale.ChannelScale)
        {
            _sums.Add(1, dScale, 0, Sum);
            return;
        }
        using Workspace.Loan parts = Device.Workspace.Borrow(_sums.PartsBytes(1));
        Sum(parts.Pointer);
        _add.LaunchBlocks(1, C, S, _sums.Slices, parts.Pointer, dScale);
    }

    // A block a norm where its elements lie together, else a thread a norm.
    private void LaunchNorms(CudaKernel kernel, params ReadOnlySpan<KernelArgument> arguments)
    {
        if (_spec.AcrossSpatial || S == 1)
            kernel.LaunchBlocks(Norms, arguments);
        else
            kernel.LaunchThreads(Norms, arguments);
    }
}
