using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/euclidean_loss.cu; the gradient is a difference, as native/cuda/eltwise.cu has it.</summary>
[OperatorFor<CudaDevice, EuclideanLossSpec>]
internal sealed class CudaEuclideanLoss(CudaDevice device, EuclideanLossSpec spec) : EuclideanLoss(device)
{
    private const long PieceElements = 16384, MostPieces = 1024;

    private readonly CudaKernel _parts = new(device, KernelSignatures.EuclideanLossParts),
        _loss = new(device, KernelSignatures.LossOfParts),
        _difference = new(device, KernelSignatures.EltwisePair);

    public override void Forward(Tensor a, Tensor b, Tensor loss)
    {
        nint pa = a.Read(Device), pb = b.Read(Device);
        long pieces = Math.Clamp(spec.Count / PieceElements, 1, MostPieces);
        using Workspace.Loan parts = Device.Workspace.Borrow(pieces * sizeof(double));
        _parts.LaunchBlocks(pieces, spec.Count, pieces, pa, pb, parts.Pointer);
        _loss.LaunchBlocks(1, pieces, 2f * spec.Batch, parts.Pointer, loss.Write(Device));
    }

    public override void Backward(Tensor a, Tensor b, float weight, Tensor da)
    {
        nint pa = a.Read(Device), pb = b.Read(Device);
        float scale = weight / spec.Batch;
        _difference.LaunchMap(spec.Count, (int)EltwiseOperation.Sum, spec.Count, scale, pa, -scale, pb,
            da.Write(Device));
    }
}
