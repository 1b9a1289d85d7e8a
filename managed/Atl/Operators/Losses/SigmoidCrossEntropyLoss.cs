using Atl.Devices;

namespace Atl.Operators;

/// <summary>The cross entropy of independent probabilities, from their logits.</summary>
/// <param name="Count">The number of logits.</param>
/// <param name="Batch">The samples.</param>
/// <param name="Normalization">What the sum is divided by.</param>
/// <param name="IgnoredTarget">The target (cut to a whole number) that does not count.</param>
internal sealed record SigmoidCrossEntropyLossSpec(long Count, int Batch, LossNormalization Normalization,
    int? IgnoredTarget) : OperatorSpec<SigmoidCrossEntropyLoss>;

/// <summary>L = −Σ (t·ln σ(x) + (1 − t)·ln(1 − σ(x))) / divisor.</summary>
internal abstract class SigmoidCrossEntropyLoss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar.</summary>
    public abstract void Forward(Tensor logits, Tensor targets, Tensor loss);

    /// <summary>dLogits = weight·(σ(x) − t) / divisor; 0 where the target is ignored.</summary>
    public abstract void Backward(Tensor logits, Tensor targets, float weight, Tensor dLogits);
}
