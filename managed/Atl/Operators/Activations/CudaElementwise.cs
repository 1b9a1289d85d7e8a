using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/elementwise.cu.</summary>
[OperatorFor<CudaDevice, ElementwiseSpec>]
internal sealed class CudaElementwise(CudaDevice device, ElementwiseSpec spec) : Elementwise(device)
{
    private readonly CudaKernel _forward = new(device, KernelSignatures.ElementwiseForward),
        _backward = new(device, KernelSignatures.ElementwiseBackward);

    public override void Forward(Tensor x, Tensor y)
    {
        Layout layout = Tensor.CommonLayout(x, y);
        nint from = x.Read(Device, layout);
        _forward.LaunchMap(spec.Count, (int)spec.Function, spec.A, spec.B, spec.C, spec.Count, from,
            y.WriteOver(x, Device, layout));
    }

    public override void Backward(Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        if (spec.Function == ElementwiseFunction.Threshold) throw new DeviceException("a threshold has no derivative");
        Tensor read = spec.GradientNeedsInput ? x : y;
        Layout layout = Tensor.CommonLayout(dy, read, dx);
        nint from = read.Read(Device, layout), pdy = dy.Read(Device, layout);
        _backward.LaunchMap(spec.Count, (int)spec.Function, spec.A, spec.B, spec.C, spec.Count, from, pdy,
            dx.WriteOver(dy, Device, layout));
    }
}
