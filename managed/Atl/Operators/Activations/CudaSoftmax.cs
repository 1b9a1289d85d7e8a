using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/softmax.cu.</summary>
[OperatorFor<CudaDevice, SoftmaxSpec>]
internal sealed class CudaSoftmax(CudaDevice device, SoftmaxSpec spec) : Softmax(device)
{
    private static readonly KernelSignature ForwardKernel = new("atl_softmax_forward", "lllpp"), BackwardKernel = new("atl_softmax_backward", "lllppp");

    private readonly CudaKernel _forward = new(device, ForwardKernel), _backward = new(device, BackwardKernel);
    private readonly CudaPositions _view = new(spec.Shape, spec.Axis);

    public override void Forward(Tensor x, Tensor y)
    {
        nint from = x.Read(Device);
        _view.Launch(_forward, _view.Outer, _view.Channels, _view.Inner, from, y.WriteOver(x, Device));
    }

    public override void Backward(Tensor y, Tensor dy, Tensor dx)
    {
        nint py = y.Read(Device), pdy = dy.Read(Device);
        _view.Launch(_backward, _view.Outer, _view.Channels, _view.Inner, py, pdy, dx.WriteOver(dy, Device));
    }
}
