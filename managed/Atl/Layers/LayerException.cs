using Atl.Proto;

namespace Atl.Layers;

/// <summary>A layer that cannot be made, shaped or run: the message names its place in the prototxt, its name and its
/// type.</summary>
public sealed class LayerException : AtlException
{
    /// <summary>A failure of the layer that a message describes.</summary>
    public LayerException(LayerParameter layer, string message)
        : this(layer, message, SourceMap.Find(layer))
    {
    }

    /// <summary>A failure of the layer that a message describes, with the error beneath it.</summary>
    public LayerException(LayerParameter layer, string message, Exception inner)
        : base(Describe(layer, message, PlaceOf(layer, inner)), inner) => (Parameter, Reason) = (layer, message);

    /// <summary>A failure of the layer that a message describes, for what stands at a place.</summary>
    internal LayerException(LayerParameter layer, string message, SourceLocation? place)
        : base(Describe(layer, message, place)) => (Parameter, Reason, Place) = (layer, message, place);

    /// <summary>The layer's message.</summary>
    public LayerParameter Parameter { get; }

    /// <summary>The layer's name.</summary>
    public string Layer => Parameter.Name;

    /// <summary>The message without the layer's place, name and type.</summary>
    public string Reason { get; }

    /// <summary>The bottoms with which the layer could not be shaped, named as in the prototxt; empty where it failed
    /// otherwise.</summary>
    internal IReadOnlyList<BlobSummary> Bottoms { get; init; } = [];

    /// <summary>Whether a number is wrong, whatever the layer's files and bottoms are.</summary>
    internal bool IsWrongNumber { get; init; }

    private SourceLocation? Place { get; }

    /// <summary>A message with the layer's place, name and type.</summary>
    internal static string Describe(LayerParameter layer, string message) =>
        Describe(layer, message, SourceMap.Find(layer));

    private static string Describe(LayerParameter layer, string message, SourceLocation? place) =>
        $"{(place is { } known ? $"{known}: " : "")}layer '{layer.Name}' ({layer.Type}): {message}";

    // The place of the field at fault, where the error beneath knows it.
    private static SourceLocation? PlaceOf(LayerParameter layer, Exception inner) => inner switch
    {
        LayerException { Place: { } place } => place,
        ShapeException { Place: { } place } => place,
        ShapeException { Field: { } field } => FieldPlace.Find(layer, field),
        LayerException { InnerException: { } beneath } => PlaceOf(layer, beneath),
        _ => SourceMap.Find(layer),
    };
}
