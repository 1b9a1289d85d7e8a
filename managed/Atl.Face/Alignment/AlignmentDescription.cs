using System.Globalization;
using System.Text.RegularExpressions;
using Atl.Data;
using Atl.Face.Faces;
using Atl.Proto;

namespace Atl.Face.Alignment;

/// <summary>Alignments by their descriptions (<see cref="FaceAlignment.Description"/>), as alignment.txt has
/// them.</summary>
/// <remarks>Thread-safe.</remarks>
internal static partial class AlignmentDescription
{
    private const string Expected = "expected a description such as 'wuxiang 112x112 ec_mc_y 40', 'wuxiang-eyeline "
        + "128x128 ec_mc_y 48 ec_y 40', 'sphereface 96x112' or 'arcface 112x112'";

    /// <summary>The alignment of a description; what a comma separates from it says how images were stored.</summary>
    /// <exception cref="AtlException">It describes none.</exception>
    public static FaceAlignment Parse(string description)
    {
        ArgumentNullException.ThrowIfNull(description);
        Match found = Pattern().Match(Position(description));
        if (!found.Success || !int.TryParse(found.Groups["width"].ValueSpan, out int width) || width < 1
            || !int.TryParse(found.Groups["height"].ValueSpan, out int height) || height < 1)
            throw Unknown(description);
        double? eyeMouth = Number("eyeMouth"), eyeRow = Number("eyeRow");
        FaceAlignment alignment = found.Groups["mode"].Value switch
        {
            "wuxiang" => new WuXiangAlignment(width, height, eyeMouth ?? 40),
            "wuxiang-eyeline" => new WuXiangEyeLineAlignment(width, eyeMouth ?? 48, eyeRow ?? 40),
            "sphereface" => TemplateAlignment.SphereFace(width, height),
            _ => TemplateAlignment.ArcFace(width, height),
        };
        // What the alignment has no use for would be lost without a word.
        return alignment.Description == Position(description) ? alignment : throw Unknown(description);

        double? Number(string group) => found.Groups[group] is { Success: true } value
            ? double.Parse(value.ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The alignment of the images: the content of alignment.txt in their folder.</summary>
    /// <param name="places">Folders and image files.</param>
    /// <returns>Null where it is not known of each place, or places differ.</returns>
    /// <exception cref="AtlException">A file cannot be read.</exception>
    public static string? Of(IReadOnlyList<string> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        string?[] found = [.. places.Select(Of).Distinct()];
        return found is [{ } only] ? only : null;
    }

    // Lists and databases do not say where their images lie.
    private static string? Of(string place)
    {
        string? folder = Directory.Exists(place) ? place
            : ImageFiles.IsImage(place) ? Path.GetDirectoryName(Path.GetFullPath(place)) : null;
        if (folder is null) return null;
        string file = Path.Combine(folder, AlignmentRun.AlignmentFile);
        return File.Exists(file) ? Position(TextLines.Read(file, "how images were aligned").FirstOrDefault() ?? "")
            : null;
    }

    private static string Position(string description) => description.Split(',')[0].Trim();

    private static AtlException Unknown(string description) =>
        new($"the alignment is '{PathText.Show(description)}', {Expected}");

    [GeneratedRegex(@"^(?<mode>wuxiang|wuxiang-eyeline|sphereface|arcface) (?<width>\d+)x(?<height>\d+)"
        + @"( ec_mc_y (?<eyeMouth>\d+(\.\d+)?))?( ec_y (?<eyeRow>\d+(\.\d+)?))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
