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
    private readonly KernelArgument _lrn = KernelArgument.Of(spec.Describe(Layout.Plain));

    private long Count => spec.Shape.Count;

    public override void Forward(Tensor x, Tensor y) =>
        _forward.LaunchThreads(Count, _lrn, x.Read(Device), y.Write(Device));

    public override void Backward(Tensor x, Tensor dy, Tensor dx)
    {
        nint px = x.Read(Device), pdy = dy.Read(Device), pdx = dx.WriteOver(dy, Device);
        using Workspace.Loan scratch = Device.Workspace.Borrow(2 * Count * sizeof(float));
        nint power = scratch.Pointer, ratio = power + (nint)(Count * sizeof(float));
        _ratios.LaunchThreads(Count, _lrn, px, pdy, power, ratio);
        _backward.LaunchThreads(Count, _lrn, px, pdy, power, ratio, pdx);
    }
}
