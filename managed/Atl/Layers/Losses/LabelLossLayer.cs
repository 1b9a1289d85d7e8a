using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>The common part of losses of scores (first bottom) and one label per sample (second bottom).</summary>
/// <typeparam name="TLoss">The operator.</typeparam>
/// <typeparam name="TSpec">What describes it.</typeparam>
internal abstract class LabelLossLayer<TLoss, TSpec>(LayerParameter parameter, LayerContext context)
    : LossLayer(parameter, context)
    where TLoss : LabelledLoss
    where TSpec : OperatorSpec<TLoss>
{
    private readonly OperatorSlot<TLoss, TSpec> _loss = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (Labels.FindFault(bottom[1].Data.AsReadOnlySpan(), bottom[0].Shape.CountFrom(1), ignored: null,
            perSample: 1) is { } fault) throw Error(fault);
        _loss.Value.Forward(bottom[0].Data, bottom[1].Data, top[0].Data);
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _loss.Value.Backward(bottom[0].Data, bottom[1].Data, Weight(top), bottom[0].Diff);
    }

    /// <summary>Describes the loss of so many samples and classes.</summary>
    protected abstract TSpec Describe(int rows, long classes);

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        base.OnReshape(bottom, top);
        RequireOneLabelPerSample(bottom);
        EnsureOperator(_loss, Describe(bottom[0].Shape[0], bottom[0].Shape.CountFrom(1)));
    }
}
