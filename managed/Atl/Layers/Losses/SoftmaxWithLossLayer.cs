using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// SoftmaxWithLoss: L = −Σ ln max(p, FLT_MIN) / divisor, where p is the softmax of the scores (first bottom) along
/// <c>softmax_param.axis</c> at the label (second bottom, one for each position). <c>loss_param</c> gives the divisor
/// (VALID by default) and a label to ignore. A second top receives the softmax; it is for reading only: no gradient
/// comes from it. (Caffe's SoftmaxWithLossLayer.)
/// </summary>
[LayerType("SoftmaxWithLoss")]
internal sealed class SoftmaxWithLossLayer(LayerParameter parameter, LayerContext context)
: LossLayer(parameter, context)
{
    private readonly OperatorSlot<SoftmaxLoss, SoftmaxLossSpec> _loss = new();
    private readonly OperatorSlot<Softmax, SoftmaxSpec> _softmax = new();

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Between(1, 2);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        SoftmaxLossSpec spec = _loss.Spec;
        if (Labels.FindFault(bottom[1].Data.AsReadOnlySpan(), spec.Scores[spec.Axis], spec.IgnoredLabel,
            spec.Scores.CountFrom(spec.Axis + 1)) is { } fault)
            throw Error(fault);
        _loss.Value.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);
        if (top.Count > 1) _softmax.Value.Forward(bottom[0].Data, top[1].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _loss.Value.Backward(bottom[0].Data, bottom[1].Data, Weight(top), bottom[0].Diff);
    }

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.LossWeight.Count > 1 && Parameter.LossWeight[1] != 0)
            throw Error($"the second top (probabilities) is for reading only: its loss_weight must be 0, found "
                + $"{Parameter.LossWeight[1]}");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        base.OnReshape(bottom, top);
        Shape scores = bottom[0].Shape;
        int axis = scores.CanonicalAxis((Parameter.SoftmaxParam ?? new SoftmaxParameter()).Axis);
        if (scores[axis] == 0) throw Error($"axis {axis} of the scores, shape {scores}, is empty: it has no class");
        long positions = scores.CountOf(0, axis) * scores.CountFrom(axis + 1);
        if (bottom[1].Count != positions)
            throw Error($"scores of shape {scores} with classes along axis {axis} need {positions} labels, "
                + $"found {bottom[1].Count} in a blob of shape {bottom[1].Shape}");
        EnsureOperator(_loss, new SoftmaxLossSpec(
            scores, axis, Parameter.LossParam.ReadNormalization(LossNormalization.Valid),
            Parameter.LossParam.ReadIgnoredLabel()));
        if (top.Count == 1) return;
        top[1].Reshape(scores);
        EnsureOperator(_softmax, new SoftmaxSpec(scores, axis));
    }
}
