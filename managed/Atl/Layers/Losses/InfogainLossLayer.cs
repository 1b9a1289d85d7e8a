using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// InfogainLoss: L = −Σ Σ_c H[label, c]·ln max(p_c, 1e-20) / divisor, where p is the softmax of the scores (first
/// bottom) along <c>infogain_loss_param.axis</c> and the labels are the second bottom. H, classes × classes, is the
/// third bottom or the blob in <c>infogain_loss_param.source</c>; with the identity this is SoftmaxWithLoss.
/// <c>loss_param</c> gives the divisor (VALID by default) and a label to ignore. A second top receives the softmax, for
/// reading only. (Caffe's InfogainLossLayer.)
/// </summary>
[LayerType("InfogainLoss")]
internal sealed class InfogainLossLayer(LayerParameter parameter, LayerContext context) : LossLayer(parameter, context)
{
    private readonly Blob _probabilities = new();
    private Blob? _infogain;
    private readonly OperatorSlot<Softmax, SoftmaxSpec> _softmax = new();
    private readonly OperatorSlot<InfogainLoss, InfogainLossSpec> _loss = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Between(2, 3);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Between(1, 2);

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom == 0;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        InfogainLossSpec spec = _loss.Spec;
        if (Labels.FindFault(bottom[1].Data.AsReadOnlySpan(), spec.Scores[spec.Axis], spec.IgnoredLabel,
            spec.Scores.CountFrom(spec.Axis + 1)) is { } fault)
            throw Error(fault);
        _softmax.Value.Forward(bottom[0].Data, _probabilities.Data);
        _loss.Value.Forward(_probabilities.Data, bottom[1].Data, Infogain(bottom).Data, top[0].Data);
        if (top.Count > 1) top[1].Data.CopyFrom(_probabilities.Data, Device);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0])
            _loss.Value.Backward(_probabilities.Data, bottom[1].Data, Infogain(bottom).Data, Weight(top),
                bottom[0].Diff);
    }

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Parameter.LossWeight.Count > 1 && Parameter.LossWeight[1] != 0)
            throw Error($"the second top (probabilities) is for reading only: its loss_weight must be 0, found "
                + $"{Parameter.LossWeight[1]}");
        if (bottom.Count == 3) return;
        if (Parameter.InfogainLossParam is not { HasSource: true } given)
            throw Error("needs the infogain matrix: a third bottom, or infogain_loss_param.source");
        _infogain = ProtoFiles.ReadBlob(given.Source).ToBlob("infogain");
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        base.OnReshape(bottom, top);
        Shape scores = bottom[0].Shape;
        int axis = scores.CanonicalAxis((Parameter.InfogainLossParam ?? new InfogainLossParameter()).Axis);
        long classes = scores[axis], positions = scores.CountOf(0, axis) * scores.CountFrom(axis + 1);
        if (classes == 0) throw Error($"axis {axis} of the scores, shape {scores}, is empty: it has no class");
        if (bottom[1].Count != positions)
            throw Error($"scores of shape {scores} with classes along axis {axis} need {positions} labels, "
                + $"found {bottom[1].Count} in a blob of shape {bottom[1].Shape}");
        if (Infogain(bottom).Count != classes * classes)
            throw Error($"{classes} classes need an infogain matrix of {classes} x {classes}, found shape "
                + $"{Infogain(bottom).Shape}");
        _probabilities.Reshape(scores);
        if (top.Count > 1) top[1].Reshape(scores);
        EnsureOperator(_softmax, new SoftmaxSpec(scores, axis));
        EnsureOperator(_loss, new InfogainLossSpec(
            scores, axis, Parameter.LossParam.ReadNormalization(LossNormalization.Valid),
            Parameter.LossParam.ReadIgnoredLabel()));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _probabilities.Dispose();
        _infogain?.Dispose();
    }

    private Blob Infogain(IReadOnlyList<Blob> bottom) => _infogain ?? bottom[2];
}
