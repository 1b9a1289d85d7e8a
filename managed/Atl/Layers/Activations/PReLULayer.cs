using Atl.Operators;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// PReLU: y = max(x, 0) + slope_c·min(x, 0) with one learned slope for each channel (axis 1), or one for all with
/// <c>channel_shared</c>; may run in place. Parameters: the slopes, filled with 0.25 unless the prototxt says
/// otherwise. (He et al. 2015; Caffe's PReLULayer.)
/// </summary>
[LayerType("PReLU")]
internal sealed class PReLULayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    private readonly OperatorSlot<PReLU, PReLUSpec> _operator = new();

    private bool Shared => Parameter.PreluParam?.ChannelShared ?? false;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
        _operator.Value.Forward(bottom[0].Data, Blobs[0].Data, top[0].Data, NeedsBackward);

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom) =>
        _operator.Value.Backward(
            bottom[0].Data, Blobs[0].Data, top[0].Diff, propagateDown[0] ? bottom[0].Diff : null, ParamPropagateDown(0)
            ? Blobs[0].Diff : null);

    /// <inheritdoc/>
    public override bool CanRunInPlace => true;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => !inPlace ? BackwardReads.FirstBottom
        : !Context.ShapesOnly && _operator.Value.KeepsInput ? BackwardReads.Nothing : BackwardReads.Tops;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        CheckAxes(bottom[0].Shape);
        AddBlob(
            Shared ? Shape.Scalar : new Shape(bottom[0].Shape[1]),
            Parameter.PreluParam?.Filler ?? new FillerParameter { Type = "constant", Value = 0.25f });
    }

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        Shape shape = bottom[0].Shape;
        CheckAxes(shape);
        if (!Shared && shape[1] != Blobs[0].Count)
            throw Error($"has slopes for {Blobs[0].Count} channels, found a bottom of shape {shape}");
        if (top[0] != bottom[0]) top[0].Reshape(shape);
        EnsureOperator(_operator, new PReLUSpec(shape, Shared));
    }

    private void CheckAxes(Shape shape)
    {
        if (shape.NumAxes < 2) throw Error($"needs a bottom with at least 2 axes (N × C × …), found shape {shape}");
    }
}
