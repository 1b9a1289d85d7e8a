using Atl.Proto;

namespace Atl;

/// <summary>A net whose layers do not fit together, or weights that do not fit the net.</summary>
public sealed class NetException(string message) : AtlException(message);
