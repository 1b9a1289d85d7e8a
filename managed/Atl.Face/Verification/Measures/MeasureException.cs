using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>These features and pairs do not have what a measure needs: pairs of both kinds, say, or a pair for each
/// fold.</summary>
internal sealed class MeasureException(string message) : AtlException(message);
