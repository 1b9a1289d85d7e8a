using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// A layer whose first top is a loss: a scalar of weight 1 in the net's loss where the prototxt gives none. It compares
/// two bottoms with the same first extent, as a rule predictions and labels, of which only the predictions can have a
/// gradient.
/// </summary>
public abstract class LossLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.Exactly(2);

    /// <inheritdoc/>
    public override bool AutoTops => true;

    /// <inheritdoc/>
    public override float DefaultLossWeight(int top) => top == 0 ? 1 : 0;

    /// <inheritdoc/>
    public override bool CanPropagateDown(int bottom) => bottom != 1;

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Bottoms;

    /// <summary>Checks that the bottoms have the same first extent and makes the first top a scalar.</summary>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
        if (bottom[0].Shape[0] != bottom[1].Shape[0])
            throw Error($"the bottoms '{bottom[0].Name}' of shape {bottom[0].Shape} and '{bottom[1].Name}' of shape "
                + $"{bottom[1].Shape} must have the same first dim");
        top[0].Reshape(Shape.Scalar);
    }

    /// <summary>Checks that the second bottom holds one label for each sample of the first.</summary>
    protected void RequireOneLabelPerSample(IReadOnlyList<Blob> bottom)
    {
        if (bottom[1].Count != bottom[0].Shape[0])
            throw Error($"needs one label for each of the {bottom[0].Shape[0]} samples, found {bottom[1].Count} in "
                + $"a blob of shape {bottom[1].Shape}");
        if (bottom[0].Shape.CountFrom(1) == 0) throw Error($"the scores, shape {bottom[0].Shape}, hold no class");
    }

    /// <summary>The weight of the loss in the net's loss: the first top's diff.</summary>
    protected static float Weight(IReadOnlyList<Blob> top) => top[0].Diff.AsReadOnlySpan()[0];
}
