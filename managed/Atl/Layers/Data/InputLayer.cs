using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// Input: tops of given shapes whose data is set from outside; <c>input_param.shape</c> once for all tops or once for
/// each. (Caffe's InputLayer.)
/// </summary>
[LayerType("Input")]
internal sealed class InputLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(0);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        var shapes = (Parameter.InputParam ?? new InputParameter()).Shape;
        if (shapes.Count > 1 && shapes.Count != top.Count)
            throw Error($"input_param needs no shape, one, or one for each of the {top.Count} tops, found "
                + $"{shapes.Count}");
        if (shapes.Count == 0) return;
        for (int i = 0; i < top.Count; i++) top[i].Reshape(Shape.From(shapes[shapes.Count == 1 ? 0 : i]));
    }

    /// <summary>Nothing: whoever feeds a top may have given it another shape.</summary>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }
}
