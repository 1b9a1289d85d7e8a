using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>The kernel that brings the margin's weights to unit length, a warp a row.</summary>
[OperatorFor<CudaDevice, UnitRowsSpec>]
internal sealed class CudaUnitRows(CudaDevice device, UnitRowsSpec spec) : UnitRows(device)
{
    private const int Threads = KernelSignature.Threads;

    private readonly CudaKernel _normalize = new(device, KernelSignatures.MarginNormalizeRows);

    public override void Normalize(Tensor rows)
    {
        if (spec.Rows > 0) _normalize.Launch(spec.Rows, Threads / 32, Threads, (long)spec.Rows, (long)spec.Columns,
            rows.ReadWrite(Device));
    }
}
