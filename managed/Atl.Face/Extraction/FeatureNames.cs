using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>
/// The side file of features: a line a row, in the order of rows, the image's name (<see cref="QuotedName"/>) and, where one is
/// known, a tab and its label.
/// <see cref="Verification.ImageNames"/> reads it.
/// </summary>
public static class FeatureNames
{
    private const string Ending = ".txt";
    private const string PairsEnding = ".pairs.txt";

    /// <summary>What the side file is called: the features' file with the ending .txt, or the database's folder and .txt.</summary>
    public static string FileOf(string features) =>
        Beside(features, Ending);

    /// <summary>
    /// What the list of pairs beside features is called, where their images come with one: as the side file, with
    /// .pairs.txt.
    /// </summary>
    public static string PairsOf(string features) => Beside(features, PairsEnding);

    /// <summary>Writes the side file of features.</summary>
    /// <param name="features">The features' file or folder.</param>
    /// <param name="names">A name a row.</param>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public static void Write(string features, IEnumerable<FeatureName> names) => AtomicFile.Write(FileOf(features), stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (FeatureName name in names)
            writer.WriteLine(name.Label is { } label
                ? string.Create(CultureInfo.InvariantCulture, $"{QuotedName.Of(name.Name)}\t{label}")
                : QuotedName.OfLine(name.Name));
    });

    private static string Beside(string features, string ending) =>
        FeatureFile.FileFormatOf(features) is null ? Path.TrimEndingDirectorySeparator(features) + ending
            : Path.ChangeExtension(features, ending);
}
