using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>Softmax: y = exp(x) / Σ exp(x) along <c>axis</c>; may run in place. (Caffe's SoftmaxLayer.)</summary>
[LayerType("Softmax")]
internal sealed class SoftmaxLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Softmax, SoftmaxSpec> _softmax = new();

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _softmax.Value.Forward(bottom[0].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _softmax.Value.Backward(top[0].Data, top[0].Diff, bottom[0].Diff);
    }

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Tops;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        int axis = bottom[0].Shape.CanonicalAxis((Parameter.SoftmaxParam ?? new SoftmaxParameter()).Axis);
        if (bottom[0].Shape[axis] == 0) throw Error($"axis {axis} of a bottom of shape {bottom[0].Shape} is empty");
        if (top[0] != bottom[0]) top[0].Reshape(bottom[0].Shape);
        EnsureOperator(_softmax, new SoftmaxSpec(bottom[0].Shape, axis));
    }
}
