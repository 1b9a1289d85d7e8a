using Atl.Layers;

namespace Atl.Nets;

/// <summary>A layer in its net: its blobs, and what of them backward must reach. Lists that few layers need are made
/// when they are asked for.</summary>
internal sealed class NetNode(Layer layer)
{
    // Shapes and memory of bottoms and tops after the last shaping.
    private (Shape Shape, SyncedMemory Memory)[]? _shaped;
    private Shape[] _parameters = [];

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

    /// <summary>Shapes the tops after the bottoms' shapes, unless both are what they were the last time.</summary>
    /// <exception cref="LayerException">The shapes do not fit, or a parameter has another shape than it was made
    /// with, for which alone the layer's operators work.</exception>
    public void Reshape()
    {
        CheckParameters();
        if (IsShaped()) return;
        // Where the shapes do not fit, the next call tries again.
        _shaped = null;
        Layer.Reshape(Bottom, Top);
        foreach ((int top, int bottom) in DiffsInPlace) Top[top].Diff.Share(Bottom[bottom].Diff);
        _shaped = [.. Bottom.Select(blob => (blob.Shape, blob.Data.Memory)),
            .. Top.Select(blob => (blob.Shape, blob.Data.Memory))];
    }

    /// <summary>Takes the parameters' shapes for the ones to stay, and lets the next <see cref="Reshape"/> shape the
    /// tops in any case: the layer was told more since the last.</summary>
    public void EndBuilding()
    {
        _shaped = null;
        _parameters = [.. Layer.Blobs.Select(parameter => parameter.Shape)];
    }

    private void CheckParameters()
    {
        for (int i = 0; i < _parameters.Length; i++)
            if (!Layer.Blobs[i].Shape.Equals(_parameters[i]))
                throw new LayerException(Layer.Parameter, $"parameter {i} was reshaped to {Layer.Blobs[i].Shape}, "
                    + $"expected {_parameters[i]}");
    }

    // A layer that shapes its tops in forward (Filter) has changed them, and what was a view of other memory is one of
    // new memory where that changed.
    private bool IsShaped()
    {
        if (_shaped is not { } shaped) return false;
        for (int i = 0; i < shaped.Length; i++)
        {
            Blob blob = i < Bottom.Count ? Bottom[i] : Top[i - Bottom.Count];
            (Shape shape, SyncedMemory memory) = shaped[i];
            if (blob.Data.Memory != memory || (blob.Shape != shape && !blob.Shape.Equals(shape))) return false;
        }
        return true;
    }
}
