using Atl.Layers;

namespace Atl.Nets;

/// <summary>A parameter by its place in a net: one of those that share a name.</summary>
/// <param name="Layer">The layer that has it.</param>
/// <param name="Index">Its index among the layer's parameters.</param>
internal readonly record struct SharedParameter(Layer Layer, int Index)
{
    /// <summary>Its values and gradient.</summary>
    public Blob Blob => Layer.Blobs[Index];
}
