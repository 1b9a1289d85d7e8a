using Atl.Devices;

namespace Atl.Operators;

/// <summary>The fraction of labels among the best scores along one axis.</summary>
/// <param name="Scores">The scores' shape.</param>
/// <param name="Axis">The axis of the classes, 0 or more.</param>
/// <param name="TopK">Among how many best scores a label must be.</param>
/// <param name="IgnoredLabel">The label that does not count.</param>
internal sealed record AccuracySpec(Shape Scores, int Axis, int TopK, int? IgnoredLabel) : OperatorSpec<Accuracy>;

/// <summary>
/// The fraction of positions where fewer than TopK other classes score at least as much as the label's (so ties count
/// against it); 0 where no label counts. A NaN score of the label's is never right. The labels have been checked.
/// </summary>
internal abstract class Accuracy(Device device) : Operator(device)
{
    /// <summary>Computes the share, a scalar, and, where wanted, the fraction for each class.</summary>
    public abstract void Forward(Tensor scores, Tensor labels, Tensor accuracy, Tensor? perClass);
}
