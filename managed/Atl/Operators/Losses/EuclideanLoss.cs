using Atl.Devices;

namespace Atl.Operators;

/// <summary>The loss of the squared distance of two tensors.</summary>
/// <param name="Count">The elements of each.</param>
/// <param name="Batch">The samples of each.</param>
internal sealed record EuclideanLossSpec(long Count, int Batch) : OperatorSpec<EuclideanLoss>;

/// <summary>L = Σ (a − b)² / (2·batch).</summary>
internal abstract class EuclideanLoss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar.</summary>
    public abstract void Forward(Tensor a, Tensor b, Tensor loss);

    /// <summary>da = weight·(a − b) / batch; with a and b exchanged, db.</summary>
    public abstract void Backward(Tensor a, Tensor b, float weight, Tensor da);
}
