using Atl.Layers;

namespace Atl.Nets;

/// <summary>A layer in its net: its blobs, and what of them backward must reach.</summary>
internal sealed class NetNode(Layer layer)
{
    public Layer Layer { get; } = layer;

    public List<Blob> Bottom { get; } = [];

    public List<Blob> Top { get; } = [];

    public List<bool> BottomNeedsBackward { get; } = [];

    public bool NeedsBackward { get; set; }

    public float LossWeight(int top) => top < Layer.LossWeights.Count ? Layer.LossWeights[top] : 0;
}
