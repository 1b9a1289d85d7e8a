using Atl.Nets;
using Atl.Proto;

namespace Atl.Layers;

/// <summary>A layer that cannot be made, shaped or run: the message names its place in the prototxt, its name and its type.</summary>
public sealed class LayerException : AtlException
{
    /// <summary>A failure of the layer that a message describes.</summary>
    public LayerException(LayerParameter layer, string message)
        : base(Describe(layer, message)) => (Parameter, Reason) = (layer, message);

    /// <summary>A failure of the layer that a message describes, with the error beneath it.</summary>
    public LayerException(LayerParameter layer, string message, Exception inner)
        : base(Describe(layer, message), inner) => (Parameter, Reason) = (layer, message);

    /// <summary>The layer's message.</summary>
    public LayerParameter Parameter { get; }

    /// <summary>The layer's name.</summary>
    public string Layer => Parameter.Name;

    /// <summary>The message without the layer's place, name and type.</summary>
    public string Reason { get; }

    /// <summary>The bottoms with which the layer could not be shaped, named as in the prototxt; empty where it failed otherwise.</summary>
    internal IReadOnlyList<BlobSummary> Bottoms { get; init; } = [];

    /// <summary>A message with the layer's place, name and type.</summary>
    internal static string Describe(LayerParameter layer, string message) =>
        $"{SourceMap.Prefix(layer)}layer '{layer.Name}' ({layer.Type}): {message}";
}
