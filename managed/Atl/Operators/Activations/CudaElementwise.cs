using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/elementwise.cu.</summary>
[OperatorFor<CudaDevice, ElementwiseSpec>]
internal sealed class CudaElementwise(CudaDevice device, ElementwiseSpec spec) : Elementwise(device, spec)
{
    private readonly CudaKernel _forward = new(device, KernelSignatures.ElementwiseForward),
        _backward = new(device, KernelSignatures.ElementwiseBackward);

    protected override void RunForward(Tensor x, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        nint from = x.Read(Device, layout);
        _forward.LaunchMap(Spec.Count, (int)Spec.Function, Spec.A, Spec.B, Spec.C, Spec.Count, from,
            y.WriteOver(x, Device, layout));
    }

    protected override void RunBackward(Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        if (Spec.Function == ElementwiseFunction.Threshold) throw new DeviceException("a threshold has no derivative");
        Tensor read = Spec.GradientNeedsInput ? x : y;
        Layout layout = Tensor.CommonLayout(dy, read, dx);
        nint from = read.Read(Device, layout), pdy = dy.Read(Device, layout);
        _backward.LaunchMap(Spec.Count, (int)Spec.Function, Spec.A, Spec.B, Spec.C, Spec.Count, from, pdy,
            dx.WriteOver(dy, Device, layout));
    }
}
