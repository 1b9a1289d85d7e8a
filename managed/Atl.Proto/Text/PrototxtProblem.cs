namespace Atl.Proto;

/// <summary>Something in a text file that breaks the format or does not fit the schema.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Text">What was found and what was expected.</param>
/// <param name="Message">The message type that lacks the field; empty where the problem is another one.</param>
public sealed record PrototxtProblem(SourceLocation Location, string Text, string Message = "")
{
    private const int PlacesShown = 8;

    /// <inheritdoc/>
    public override string ToString() => $"{Location}: {Text}";

    /// <summary>
    /// One line for each problem in the order of the file; one that occurs several times stands at its first place and
    /// names the others.
    /// </summary>
    internal static string Describe(IEnumerable<PrototxtProblem> problems) => string.Join('\n',
        InOrder(problems).GroupBy(problem => problem.Text)
            .Select(same => $"{same.First()}{Others([.. same.Skip(1).Select(problem => problem.Location)])}"));

    /// <summary>The problems of one file in its order.</summary>
    internal static IEnumerable<PrototxtProblem> InOrder(IEnumerable<PrototxtProblem> problems) =>
        problems.OrderBy(problem => problem.Location.Line).ThenBy(problem => problem.Location.Column);

    private static string Others(SourceLocation[] places) => places.Length == 0
        ? ""
        : $" (also at {string.Join(", ", places.Take(PlacesShown).Select(place => $"{place.Line}:{place.Column}"))}"
            + (places.Length > PlacesShown ? $" and {places.Length - PlacesShown} more places)" : ")");
}
