using Atl.Devices;

namespace Atl.Operators;

/// <summary>The logarithmic loss of a softmax along one axis.</summary>
/// <param name="Scores">The scores' shape.</param>
/// <param name="Axis">The axis of the classes, 0 or more.</param>
/// <param name="Normalization">What the sum is divided by.</param>
/// <param name="IgnoredLabel">The label that does not count.</param>
internal sealed record SoftmaxLossSpec(Shape Scores, int Axis, LossNormalization Normalization, int? IgnoredLabel)
    : OperatorSpec<SoftmaxLoss>;

/// <summary>
/// L = −Σ ln max(p, FLT_MIN) / divisor, where p is the softmax of the scores at the label. The labels, one for each
/// position of the scores without the classes' axis, have been checked: whole numbers in [0, classes) or the ignored
/// one.
/// </summary>
internal abstract class SoftmaxLoss(Device device) : Operator(device)
{
    /// <summary>Computes the loss, a scalar, and keeps each position's normalizer for <see cref="Backward"/>.</summary>
    public abstract void Forward(Tensor scores, Tensor labels, Tensor loss);

    /// <summary>dScores = weight·(p − [class is the label]) / divisor; 0 where the label is ignored. The scores are
    /// those of the last forward.</summary>
    public abstract void Backward(Tensor scores, Tensor labels, float weight, Tensor dScores);
}
