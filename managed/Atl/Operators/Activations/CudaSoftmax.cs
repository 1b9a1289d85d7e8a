using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/softmax.cu.</summary>
[OperatorFor<CudaDevice, SoftmaxSpec>]
internal sealed class CudaSoftmax(CudaDevice device, SoftmaxSpec spec) : Softmax(device, spec)
{
    private readonly CudaKernel _forward = new(device, KernelSignatures.SoftmaxForward),
        _backward = new(device, KernelSignatures.SoftmaxBackward);
    private readonly CudaPositions _view = new(spec.Shape, spec.Axis);

    protected override void RunForward(Tensor x, Tensor y)
    {
        nint from = x.Read(Device);
        _view.Launch(_forward, _view.Outer, _view.Channels, _view.Inner, from, y.WriteOver(x, Device));
    }

    protected override void RunBackward(Tensor y, Tensor dy, Tensor dx)
    {
        nint py = y.Read(Device), pdy = dy.Read(Device);
        _view.Launch(_backward, _view.Outer, _view.Channels, _view.Inner, py, pdy, dx.WriteOver(dy, Device));
    }
}
