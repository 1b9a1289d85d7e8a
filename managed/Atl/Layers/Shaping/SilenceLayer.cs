using Atl.Proto;

namespace Atl.Layers;

/// <summary>Silence: takes blobs without another reader, so that they are not outputs of the net; their gradient is 0.
/// (Caffe's SilenceLayer.)</summary>
[LayerType("Silence")]
internal sealed class SilenceLayer(LayerParameter parameter, LayerContext context) : Layer(parameter, context)
{
    /// <inheritdoc/>
    public override BlobCount Bottoms => BlobCount.AtLeast(1);

    /// <inheritdoc/>
    public override BlobCount Tops => BlobCount.Exactly(0);

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }

    /// <inheritdoc/>
    public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
        IReadOnlyList<Blob> bottom)
    {
        for (int i = 0; i < bottom.Count; i++)
            if (propagateDown[i])
                bottom[i].Diff.Zero(Device);
    }

    /// <inheritdoc/>
    public override BackwardReads ReadInBackward(bool inPlace) => BackwardReads.Nothing;

    /// <inheritdoc/>
    protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
    {
    }
}
