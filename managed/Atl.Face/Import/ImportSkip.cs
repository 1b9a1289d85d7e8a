namespace Atl.Face.Import;

/// <summary>An image that is not in the database.</summary>
/// <param name="Name">The image.</param>
/// <param name="Problem">Why, in a word.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record ImportSkip(string Name, ImportProblem Problem, string Reason);
