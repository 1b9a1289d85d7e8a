using Atl.Proto;

namespace Atl.Layers;

/// <summary>A layer whose top is its bottom under another shape: data and diff are shared, nothing is
/// computed.</summary>
internal abstract class ViewLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
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

    /// <summary>The top's shape; it has the bottom's number of elements.</summary>
    protected abstract Shape TopShape(Shape bottom);

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        top[0].Reshape(TopShape(bottom[0].Shape));
        View(top[0], bottom[0]);
    }
}
