using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>A layer whose top holds its bottom's elements in another order.</summary>
internal abstract class RearrangingLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Rearrange, RearrangeSpec> _operator = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _operator.Value.Backward(top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <summary>The order, and the top's shape where it is not the rearranged one.</summary>
    protected abstract (RearrangeSpec Order, Shape Top) Describe(Shape bottom);

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        (RearrangeSpec order, Shape shape) = Describe(bottom[0].Shape);
        top[0].Reshape(shape);
        EnsureOperator(_operator, order);
    }
}
