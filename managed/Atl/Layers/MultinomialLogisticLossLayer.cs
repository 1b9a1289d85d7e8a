using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// MultinomialLogisticLoss: L = −Σ ln max(p, 1e-20) / N, where p is the probability (first bottom) of the sample's label (second bottom); for
/// scores instead of probabilities SoftmaxWithLoss is the better one. (Caffe's MultinomialLogisticLossLayer.)
/// </summary>
[LayerType("MultinomialLogisticLoss")]
public sealed class MultinomialLogisticLossLayer(LayerParameter parameter, LayerContext context) : LossLayer(parameter, context)
{
    private MultinomialLoss? _loss;
    private MultinomialLossSpec? _spec;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Labels.FindFault(bottom[1].Data.AsReadOnlySpan(), _spec!.Classes, ignored: null, perSample: 1) is { } fault) throw Error(fault);
        _loss!.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown, IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _loss!.Backward(bottom[0].Data, bottom[1].Data, Weight(top), bottom[0].Diff);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        base.OnReshape(bottom, top);
        RequireOneLabelPerSample(bottom);
        Renew(ref _loss, ref _spec, new MultinomialLossSpec(bottom[0].Shape[0], bottom[0].Shape.CountFrom(1)));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _loss?.Dispose();
}
