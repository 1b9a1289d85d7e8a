using Atl.Layers;

namespace Atl.Nets;

/// <summary>A layer in its net: its blobs, and what of them backward must reach. Lists that few layers need are made
/// when they are asked for.</summary>
internal sealed class NetNode(Layer layer)
{
    public Layer Layer { get; internal set; } = layer;

    public List<Blob> Bottom { get; } = new(layer.Parameter.Bottom.Count);

    public List<Blob> Top { get; } = new(layer.Parameter.Top.Count);

    public List<bool> BottomNeedsBackward { get; } = new(layer.Parameter.Bottom.Count);

    public bool NeedsBackward { get; set; }

    /// <summary>Tops in place that got memory of their own: their diffs still lie in place.</summary>
    public List<(int Top, int Bottom)> DiffsInPlace => field ??= [];

    /// <summary>The tops whose loss weight is added to the diff that their readers write.</summary>
    public List<int> AddedLossWeights => field ??= [];

    public float LossWeight(int top) => top >= 0 && top < Layer.LossWeights.Count ? Layer.LossWeights[top] : 0;

    /// <summary>Shapes the tops after the bottoms' shapes.</summary>
    public void Reshape()
    {
        Layer.Reshape(Bottom, Top);
        foreach ((int top, int bottom) in DiffsInPlace) Top[top].Diff.Share(Bottom[bottom].Diff);
    }
}
