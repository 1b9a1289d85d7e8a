using Atl.Devices;
using Atl.Devices.Cuda;

namespace Atl.Operators;

/// <summary>native/cuda/center_loss.cu.</summary>
[OperatorFor<CudaDevice, CenterLossSpec>]
internal sealed class CudaCenterLoss(CudaDevice device, CenterLossSpec spec) : CenterLoss(device)
{
    private readonly CudaKernel _parts = new(device, KernelSignatures.CenterLossParts),
        _loss = new(device, KernelSignatures.LossOfParts),
        _backward = new(device, KernelSignatures.CenterLossBackward),
        _update = new(device, KernelSignatures.CenterLossUpdate);

    private long M => spec.Samples;

    private long N => spec.Classes;

    private long K => spec.Features;

    private int Absolute => spec.Absolute ? 1 : 0;

    public override void Forward(Tensor x, Tensor labels, Tensor centers, Tensor loss)
    {
        nint px = x.Read(Device), label = labels.Read(Device), pCenters = centers.Read(Device);
        using Workspace.Loan parts = Device.Workspace.Borrow(M * sizeof(double));
        _parts.LaunchBlocks(M, M, N, K, Absolute, px, label, pCenters, parts.Pointer);
        _loss.LaunchBlocks(1, M, (spec.Absolute ? 1f : 2f) * Math.Max(1, M), parts.Pointer, loss.Write(Device));
    }

    public override void Backward(Tensor x, Tensor labels, Tensor centers, float weight, Tensor dx)
    {
        nint px = x.Read(Device), label = labels.Read(Device), pCenters = centers.Read(Device);
        _backward.LaunchThreads(M * K, M, N, K, Absolute, weight / M, px, label, pCenters, dx.Write(Device));
    }

    public override void Update(Tensor x, Tensor labels, Tensor centers, Tensor dCenters)
    {
        nint px = x.Read(Device), label = labels.Read(Device), pCenters = centers.Read(Device);
        _update.LaunchBlocks(M, M, N, K, Absolute, px, label, pCenters, dCenters.ReadWrite(Device));
    }
}
