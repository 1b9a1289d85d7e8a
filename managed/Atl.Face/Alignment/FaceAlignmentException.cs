using Atl.Proto;

namespace Atl.Face.Alignment;

/// <summary>A face whose points give no alignment.</summary>
internal sealed class FaceAlignmentException(string message) : AtlException(message);
