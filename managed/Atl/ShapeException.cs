using Atl.Proto;

namespace Atl;

/// <summary>A shape, axis or extent that does not fit; layers and nets add which layer and where.</summary>
public sealed class ShapeException(string message) : AtlException(message);
