using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>EuclideanLoss: L = Σ (a − b)² / (2·N) for bottoms a and b with N samples; both can have a gradient.
/// (Caffe's EuclideanLossLayer.)</summary>
[LayerType("EuclideanLoss")]
internal sealed class EuclideanLossLayer(LayerParameter parameter, LayerContext context) : LossLayer(parameter, context)
{
    private readonly OperatorSlot<EuclideanLoss, EuclideanLossSpec> _loss = new();

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => true;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _loss.Value.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        for (int i = 0; i < 2; i++)
            if (propagateDown[i])
                _loss.Value.Backward(bottom[i].Data, bottom[1 - i].Data, Weight(top), bottom[i].Diff);
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        base.OnReshape(bottom, top);
        if (bottom[0].Count != bottom[1].Count)
            throw Error($"the bottoms must have equally many elements for each sample, found shapes "
                + $"{bottom[0].Shape} and {bottom[1].Shape}");
        EnsureOperator(_loss, new EuclideanLossSpec(bottom[0].Count, Math.Max(1, bottom[0].Shape[0])));
    }
}
