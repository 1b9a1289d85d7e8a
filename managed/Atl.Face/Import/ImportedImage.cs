using System.Globalization;

namespace Atl.Face.Import;

/// <summary>The outcome for one image: a line of an import's journal.</summary>
/// <param name="Place">Its place in the order of the import.</param>
/// <param name="Problem">Why it is not in the database; null where it is.</param>
/// <param name="Hash">The first 128 bits of the SHA-256 of its bytes; 0 where they could not be read.</param>
/// <param name="Size">Its size as stored, "width×height×channels"; empty where it is not.</param>
/// <param name="Reason">Why it is not in the database, in words; of one that is, why its bytes were re-encoded, or
/// nothing.</param>
internal sealed record ImportedImage(int Place, ImportProblem? Problem, UInt128 Hash, string Size, string Reason)
{
    private const string Put = "put";

    /// <summary>Reads a line; null where it does not fit, as one that was half written.</summary>
    public static ImportedImage? Parse(string line) =>
        line.Split('\t') is [var place, var kind, var hash, var size, var reason]
        && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && UInt128.TryParse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 bits)
        && Known(kind, out ImportProblem? problem)
            ? new ImportedImage(number, problem, bits, size, reason)
            : null;

    /// <summary>The line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Place}\t{Problem?.ToString() ?? Put}\t{Hash:x32}\t{Size}\t{Reason.ReplaceLineEndings(" ").Replace('\t', ' ')}");

    private static bool Known(string kind, out ImportProblem? problem)
    {
        bool known = Enum.TryParse(kind, out ImportProblem named);
        problem = known ? named : null;
        return known || kind == Put;
    }
}
