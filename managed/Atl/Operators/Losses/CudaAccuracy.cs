using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/accuracy.cu.</summary>
[OperatorFor<CudaDevice, AccuracySpec>]
internal sealed class CudaAccuracy(CudaDevice device, AccuracySpec spec) : Accuracy(device)
{
    private readonly CudaKernel _rights = new(device, KernelSignatures.AccuracyRights),
        _share = new(device, KernelSignatures.AccuracyShare);
    private readonly CudaPositions _view = new(spec.Scores, spec.Axis);

    public override void Forward(Tensor scores, Tensor labels, Tensor accuracy, Tensor? perClass)
    {
        nint x = scores.Read(Device), label = labels.Read(Device);
        using Workspace.Loan rights = Device.Workspace.Borrow(_view.Count * sizeof(float));
        // A warp a position.
        _rights.LaunchThreads(32 * _view.Count, _view.Outer, _view.Channels, _view.Inner, (long)spec.TopK,
            spec.IgnoredLabel.HasValue ? 1 : 0,
            spec.IgnoredLabel ?? 0, x, label, rights.Pointer);
        _share.LaunchThreads(perClass is null ? 1 : _view.Channels, _view.Count, _view.Channels, label, rights.Pointer,
            accuracy.Write(Device),
            perClass?.Write(Device) ?? 0);
    }
}
