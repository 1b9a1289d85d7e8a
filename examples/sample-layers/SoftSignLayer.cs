using Atl.Layers;
using Atl.Operators;
using Atl.Proto;

namespace Atl.SampleLayers;

/// <summary>SoftSign: y = x / (1 + |x|).</summary>
[LayerType("SoftSign")]
public sealed class SoftSignLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<SoftSign, SoftSignSpec> _operator = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(
        IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown, IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _operator.Value.Backward(bottom[0].Data, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.FirstBottom;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        top[0].Reshape(bottom[0].Shape);
        EnsureOperator(_operator, new SoftSignSpec(bottom[0].Count));
    }
}
