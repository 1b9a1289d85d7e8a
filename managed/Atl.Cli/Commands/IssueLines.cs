using Atl.Face.Verification;

namespace Atl.Cli.Commands;

/// <summary>Oddities as lines of text: counts and the first few places.</summary>
internal static class IssueLines
{
    private const int Shown = 5;

    public static void Write(IReadOnlyList<IssueRecord> issues, TextWriter output)
    {
        foreach (IssueRecord issue in issues)
        {
            string places = string.Join(", ", issue.Places.Take(Shown).Select(Describe))
                + (issue.Count > Shown ? ", …" : "");
            output.WriteLine($"noticed: {issue.What} ({issue.Count}): {places}");
        }
    }

    private static string Describe(IssuePlace place) => (place.Name, place.Line) switch
    {
        (null, _) => $"fold {place.Number}",
        (var name, null) => name,
        (var name, var line) => $"{name} (line {line})",
    };
}
