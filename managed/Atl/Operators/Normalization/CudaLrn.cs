using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/lrn.cu.</summary>
[OperatorFor<CudaDevice, LrnSpec>]
internal sealed class CudaLrn(CudaDevice device, LrnSpec spec) : Lrn(device)
{
    private readonly CudaKernel _forward = new(device, KernelSignatures.LrnForward),
        _ratios = new(device, KernelSignatures.LrnRatios),
        _backward = new(device, KernelSignatures.LrnBackward);

    private long Count => spec.Shape.Count;

    private long Channels => spec.Shape[1];

    private long Height => spec.Shape[2];

    private long Width => spec.Shape[3];

    private int Within => spec.Within ? 1 : 0;

    // Divided by the number of elements of a window.
    private float Alpha => spec.Alpha / (spec.Within ? (float)spec.Size * spec.Size : spec.Size);

    private float K => spec.Within ? 1 : spec.K;

    public override void Forward(Tensor x, Tensor y) =>
        _forward.LaunchThreads(
            Count, Count, Channels, Height, Width, Within, spec.Size, Alpha, spec.Beta, K, x.Read(Device),
            y.Write(Device));

    public override void Backward(Tensor x, Tensor dy, Tensor dx)
    {
        nint px = x.Read(Device), pdy = dy.Read(Device), pdx = dx.WriteOver(dy, Device);
        using Workspace.Loan scratch = Device.Workspace.Borrow(2 * Count * sizeof(float));
        nint power = scratch.Pointer, ratio = power + (nint)(Count * sizeof(float));
        _ratios.LaunchThreads(Count, Count, Channels, Height, Width, Within, spec.Size, Alpha, spec.Beta, K, px, pdy,
            power, ratio);
        _backward.LaunchThreads(Count, Count, Channels, Height, Width, Within, spec.Size, Alpha, spec.Beta, px, pdy,
            power, ratio, pdx);
    }
}
