using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/softmax.cu: the numbers of each position, their sum, and the gradient, whose divisor stays on
/// the device.</summary>
[OperatorFor<CudaDevice, SoftmaxLossSpec>]
internal sealed class CudaSoftmaxLoss : SoftmaxLoss
{
    private readonly CudaPositions _view;
    private readonly KernelArgument _loss;
    private readonly CudaKernel _stats, _sum, _backward;

    // For each position its largest score, its normalizer and its loss; then the divisor.
    private readonly MemoryBlock _state;

    public CudaSoftmaxLoss(CudaDevice device, SoftmaxLossSpec spec)
        : base(device)
    {
        _view = new CudaPositions(spec.Scores, spec.Axis);
        _loss = KernelArgument.Of(LabelLosses.Describe(
            spec.Scores, spec.Axis, Layout.Plain, spec.Normalization, spec.IgnoredLabel));
        _stats = new CudaKernel(device, KernelSignatures.SoftmaxLossStats);
        _sum = new CudaKernel(device, KernelSignatures.SoftmaxLossSum);
        _backward = new CudaKernel(device, KernelSignatures.SoftmaxLossBackward);
        _state = device.Allocate((3 * _view.Count + 1) * sizeof(float));
    }

    private nint Losses => _state.Pointer + (nint)(2 * _view.Count * sizeof(float));

    private nint Divisor => _state.Pointer + (nint)(3 * _view.Count * sizeof(float));

    public override void Forward(Tensor scores, Tensor labels, Tensor loss)
    {
        nint x = scores.Read(Device), label = labels.Read(Device);
        _view.Launch(_stats, _loss, x, label, _state.Pointer);
        _sum.LaunchBlocks(1, _loss, label, Losses, Divisor, loss.Write(Device));
    }

    public override void Backward(Tensor scores, Tensor labels, float weight, Tensor dScores)
    {
        nint x = scores.Read(Device), label = labels.Read(Device);
        _view.Launch(_backward, _loss, weight, x, label, _state.Pointer, Divisor, dScores.Write(Device));
    }

    protected override void Dispose(bool disposing) => _state.Dispose();
}
