using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/max_feature_map.cu.</summary>
[OperatorFor<CudaDevice, MaxFeatureMapSpec>]
internal sealed class CudaMaxFeatureMap(CudaDevice device, MaxFeatureMapSpec spec) : MaxFeatureMap(device)
{
    private readonly CudaKernel _forward = new(device, KernelSignatures.MaxFeatureMapForward),
        _backward = new(device, KernelSignatures.MaxFeatureMapBackward);

    private long Count => spec.Rows * spec.Half;

    public override void Forward(Tensor x, Tensor y) =>
        _forward.LaunchThreads(Count, spec.Rows, spec.Half, x.Read(Device), y.Write(Device));

    public override void Backward(Tensor x, Tensor dy, Tensor dx) =>
        _backward.LaunchThreads(Count, spec.Rows, spec.Half, x.Read(Device), dy.Read(Device), dx.Write(Device));
}
