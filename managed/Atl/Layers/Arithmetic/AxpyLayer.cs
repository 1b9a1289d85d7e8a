using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Axpy: top = a·x + y, where a (first bottom, N × C or N × C × 1 × 1) holds a factor for each channel of each sample
/// of x and y (second and third bottom, N × C × …): the scaling and the shortcut of a squeeze-and-excitation block in
/// one. (AxpyLayer of hujie-frank/SENet.)
/// </summary>
[LayerType("Axpy")]
internal sealed class AxpyLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<Axpy, AxpySpec> _axpy = new();

    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(3);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _axpy.Value.Forward(bottom[0].Data, bottom[1].Data, bottom[2].Data, top[0].Data);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        if (propagateDown[0]) _axpy.Value.BackwardScale(top[0].Diff, bottom[1].Data, bottom[0].Diff);
        if (propagateDown[1]) _axpy.Value.Backward(top[0].Diff, bottom[0].Data, bottom[1].Diff);
        if (propagateDown[2]) bottom[2].Diff.CopyFrom(top[0].Diff, Device);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Bottoms;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape scale = bottom[0].Shape, shape = bottom[1].Shape;
        if (shape.NumAxes < 2 || !bottom[2].Shape.Equals(shape))
            throw Error($"x and y must agree and have 2 axes or more, found {shape} and {bottom[2].Shape}");
        if (scale.NumAxes < 2 || scale[0] != shape[0] || scale[1] != shape[1] || scale.CountFrom(2) != 1)
            throw Error($"the factors must be one for each of the {shape[0]} x {shape[1]} channels, found a first "
                + $"bottom of shape {scale}");
        top[0].Reshape(shape);
        EnsureOperator(_axpy, new AxpySpec(shape.CountOf(0, 2), shape.CountFrom(2)));
    }
}
