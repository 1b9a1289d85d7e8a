namespace Atl.Proto;

/// <summary>A deprecated field that a file uses.</summary>
/// <param name="Field">The field, with its message: <c>concat_param.concat_dim</c>.</param>
/// <param name="Replacement">What stands in its place today.</param>
/// <param name="Place">Where it is first used; null where that is not known.</param>
/// <param name="Uses">How often it is used.</param>
internal sealed record DeprecatedField(string Field, string Replacement, SourceLocation? Place, int Uses);
