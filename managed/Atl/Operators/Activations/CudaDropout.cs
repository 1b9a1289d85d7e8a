using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/dropout.cu: the same draws as the CPU's.</summary>
[OperatorFor<CudaDevice, DropoutSpec>]
internal sealed class CudaDropout(CudaDevice device, DropoutSpec spec) : Dropout(device)
{
    private readonly CudaKernel _dropout = new(device, KernelSignatures.Dropout);

    public override void Apply(Tensor x, Tensor y, ulong key, ulong position)
    {
        nint px = x.Read(Device), py = y.WriteOver(x, Device);
        ulong threshold = (ulong)(spec.Ratio * 4294967296.0);
        _dropout.LaunchMap(spec.Shape.Count + 3, spec.Shape.Count, threshold, 1f / (1f - spec.Ratio), key, position,
            px, py);
    }
}
