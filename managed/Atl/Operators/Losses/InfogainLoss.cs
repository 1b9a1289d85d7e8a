using Atl.Devices;

namespace Atl.Operators;

/// <summary>The logarithmic loss of a softmax, weighted by an infogain matrix.</summary>
/// <param name="Scores">The shape of the scores and probabilities.</param>
/// <param name="Axis">The axis of the classes, 0 or more.</param>
/// <param name="Normalization">What the sum is divided by.</param>
/// <param name="IgnoredLabel">The label that does not count.</param>
internal sealed record InfogainLossSpec(Shape Scores, int Axis, LossNormalization Normalization, int? IgnoredLabel)
    : OperatorSpec<InfogainLoss>;

/// <summary>
/// L = −Σ Σ_c H[label, c]·ln max(p_c, 1e-20) / divisor, where p is the softmax of the scores and H is classes ×
/// classes. The labels have been checked.
/// </summary>
internal abstract class InfogainLoss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar.</summary>
    public abstract void Forward(Tensor probabilities, Tensor labels, Tensor infogain, Tensor loss);

    /// <summary>dScores = weight·(p_c·Σ_k H[label, k] − H[label, c]) / divisor; 0 where the label is ignored.</summary>
    public abstract void Backward(Tensor probabilities, Tensor labels, Tensor infogain, float weight, Tensor dScores);
}
