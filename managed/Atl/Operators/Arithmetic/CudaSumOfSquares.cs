using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>Sums of native/cuda/solver_update.cu; the host waits for the one number in the end.</summary>
[OperatorFor<CudaDevice, SumOfSquaresSpec>]
internal sealed class CudaSumOfSquares(CudaDevice device, SumOfSquaresSpec spec) : SumOfSquares(device)
{
    private const long PieceElements = 16384, MostPieces = 1024;

    private readonly CudaKernel _parts = new(device, KernelSignatures.SumOfSquaresParts),
        _sum = new(device, KernelSignatures.SumOfParts);

    public override unsafe double Compute(IReadOnlyList<Tensor> x)
    {
        CheckCount(spec, x);
        long pieces = x.Sum(tensor => Pieces(tensor.Count));
        using Workspace.Loan scratch = Device.Workspace.Borrow((pieces + 1) * sizeof(double));
        nint sum = scratch.Pointer, part = sum + sizeof(double);
        foreach (Tensor tensor in x)
        {
            long own = Pieces(tensor.Count);
            _parts.LaunchBlocks(own, tensor.Count, own, tensor.Read(Device, tensor.Layout), part);
            part += (nint)(own * sizeof(double));
        }
        _sum.LaunchBlocks(1, pieces, sum + sizeof(double), sum);
        double result;
        Device.Download(sum, (nint)(&result), sizeof(double));
        return result;
    }

    private static long Pieces(long count) => Math.Clamp(count / PieceElements, 1, MostPieces);
}
