using Atl.Proto;

namespace Atl;

/// <summary>A shape, axis or extent that does not fit; layers and nets add which layer and where.</summary>
public sealed class ShapeException(string message) : AtlException(message)
{
    /// <summary>
    /// The field that gives the number, from the layer's message on (<c>tile_param.tiles</c>); null where none does.
    /// </summary>
    internal string? Field { get; init; }

    /// <summary>The number's place in a file; null if unknown.</summary>
    internal SourceLocation? Place { get; init; }
}
