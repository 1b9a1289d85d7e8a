using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// SigmoidCrossEntropyLoss: L = −Σ (t·ln σ(x) + (1 − t)·ln(1 − σ(x))) / divisor for logits x (first bottom) and targets
/// t in 0..1 (second). <c>loss_param</c> gives the divisor (BATCH_SIZE by default) and a target to ignore. (Caffe's
/// SigmoidCrossEntropyLossLayer.)
/// </summary>
[LayerType("SigmoidCrossEntropyLoss")]
internal sealed class SigmoidCrossEntropyLossLayer(LayerParameter parameter, LayerContext context)
: LossLayer(parameter, context)
{
    private readonly OperatorSlot<SigmoidCrossEntropyLoss, SigmoidCrossEntropyLossSpec> _loss = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _loss.Value.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _loss.Value.Backward(bottom[0].Data, bottom[1].Data, Weight(top), bottom[0].Diff);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        base.OnReshape(bottom, top);
        if (bottom[0].Count != bottom[1].Count)
            throw Error($"needs a target for each logit, found logits of shape {bottom[0].Shape} and targets of "
                + $"shape {bottom[1].Shape}");
        EnsureOperator(_loss, new SigmoidCrossEntropyLossSpec(
            bottom[0].Count, bottom[0].Shape[0], Parameter.LossParam.ReadNormalization(LossNormalization.BatchSize),
            Parameter.LossParam.ReadIgnoredLabel()));
    }
}
