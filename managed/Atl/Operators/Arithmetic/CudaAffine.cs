using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/affine.cu.</summary>
[OperatorFor<CudaDevice, AffineSpec>]
internal sealed class CudaAffine : Affine
{

    private readonly CudaKernel _forward, _parts;
    private readonly CudaChannelSums _sums;
    private readonly long _n, _channels, _spatial, _count;

    public CudaAffine(CudaDevice device, AffineSpec spec)
        : base(device)
    {
        (_n, _channels, _spatial) = spec.View;
        _count = spec.Shape.Count;
        _forward = new CudaKernel(device, KernelSignatures.AffineForward);
        _parts = new CudaKernel(device, KernelSignatures.AffineBackwardParts);
        _sums = new CudaChannelSums(device, _n, _channels, _spatial);
    }

    public override void Forward(Tensor x, Tensor? scale, Tensor? shift, Tensor y)
    {
        nint px = x.Read(Device), pScale = scale?.Read(Device) ?? 0, pShift = shift?.Read(Device) ?? 0;
        _forward.LaunchMap(_count, _count, _channels, _spatial, px, pScale, pShift, y.WriteOver(x, Device));
    }

    public override void Backward(Tensor? x, Tensor? scale, Tensor dy, Tensor? dx, Tensor? dscale, Tensor? dshift)
    {
        nint px = dscale is null ? 0 : x!.Read(Device), pScale = scale?.Read(Device) ?? 0, pdy = dy.Read(Device);
        nint pdx = dx?.WriteOver(dy, Device) ?? 0;
        if (dscale is null && dshift is null)
        {
            if (scale is not null && pdx != 0)
                _forward.LaunchMap(_count, _count, _channels, _spatial, pdy, pScale, (nint)0, pdx);
            else if (pdx != 0 && pdx != pdy)
                Device.Copy(pdy, pdx, _count * sizeof(float));
            return;
        }
        _sums.Add(2, dscale?.ReadWrite(Device) ?? 0, dshift?.ReadWrite(Device) ?? 0, parts =>
            _parts.LaunchBlocks(_sums.Blocks, _n, _channels, _spatial, _sums.Slices, px, pScale, pdy, pdx, parts));
    }
}
