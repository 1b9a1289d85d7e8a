using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Accuracy: the fraction of labels (second bottom) among the <c>top_k</c> best scores (first bottom) along
/// <c>axis</c>, except those with <c>ignore_label</c>; ties count against the label. A second top receives the
/// fraction for each class. (Caffe's AccuracyLayer; unlike there, a label whose score is NaN counts as wrong.)
/// </summary>
[LayerType("Accuracy")]
internal sealed class AccuracyLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Accuracy, AccuracySpec> _accuracy = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Between(1, 2);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => false;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        AccuracySpec spec = _accuracy.Spec;
        if (Labels.FindFault(bottom[1].Data.AsReadOnlySpan(), spec.Scores[spec.Axis], spec.IgnoredLabel,
            spec.Scores.CountFrom(spec.Axis + 1)) is { } fault)
            throw Error(fault);
        _accuracy.Value.Forward(bottom[0].Data, bottom[1].Data, top[0].Data, top.Count > 1 ? top[1].Data : null);
    }

    /// <summary>Nothing: a count has no gradient.</summary>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        AccuracyParameter given = Parameter.AccuracyParam ?? new AccuracyParameter();
        Shape scores = bottom[0].Shape;
        int axis = scores.CanonicalAxis(given.Axis);
        if (given.TopK < 1 || given.TopK > scores[axis])
            throw Error($"accuracy_param.top_k must lie in 1..{scores[axis]}, the number of classes, found "
                + $"{given.TopK}");
        long positions = scores.CountOf(0, axis) * scores.CountFrom(axis + 1);
        if (bottom[1].Count != positions)
            throw Error($"scores of shape {scores} with classes along axis {axis} need {positions} labels, "
                + $"found {bottom[1].Count} in a blob of shape {bottom[1].Shape}");
        top[0].Reshape(Shape.Scalar);
        if (top.Count > 1) top[1].Reshape(scores[axis]);
        EnsureOperator(_accuracy, new AccuracySpec(scores, axis, (int)given.TopK, given.HasIgnoreLabel
            ? given.IgnoreLabel : null));
    }
}
