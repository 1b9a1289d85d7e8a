using Atl.Proto;

namespace Atl.Fillers;

/// <summary>A filler of an unknown type, or whose parameters do not fit the blob.</summary>
internal sealed class FillerException(string message) : AtlException(message);
