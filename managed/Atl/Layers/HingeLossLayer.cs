using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// HingeLoss: L = Σ max(0, 1 − s·x)ᵖ / N over the scores x (first bottom), with s = 1 for the label's class (second bottom) and −1 for the others;
/// <c>norm</c> L1: p = 1, L2: p = 2. (Caffe's HingeLossLayer.)
/// </summary>
[LayerType("HingeLoss")]
public sealed class HingeLossLayer(LayerParameter parameter, LayerContext context) : LossLayer(parameter, context)
{
    private HingeLoss? _loss;
    private HingeLossSpec? _spec;

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
        bool squared = (Parameter.HingeLossParam ?? new HingeLossParameter()).Norm == HingeLossParameter.Types.Norm.L2;
        Renew(ref _loss, ref _spec, new HingeLossSpec(bottom[0].Shape[0], bottom[0].Shape.CountFrom(1), squared));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _loss?.Dispose();
}
