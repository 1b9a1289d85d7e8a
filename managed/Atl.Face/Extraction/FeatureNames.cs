using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>
/// The side file of features: a line a row, in the order of rows, the image's name (<see cref="QuotedName"/>) and,
/// where one is known, a tab and its label.
/// <see cref="Verification.ImageNames"/> reads it.
/// </summary>
internal static class FeatureNames
{
    private const string Ending = ".txt";
    private const string PairsEnding = ".pairs.txt";

    // Null is the folder of a database.
    private static readonly string?[] SharingEndings = [".npy", ".npz", ".csv", ".h5", ".hdf5", null];

    /// <summary>
    /// The name of the side file: the features' file with the extension .txt, or the database's folder and .txt.
    /// </summary>
    public static string FileOf(string features) =>
        Beside(features, Ending);

    /// <summary>
    /// The name of the list of pairs beside features, if their images come with one: as the side file, with .pairs.txt.
    /// </summary>
    public static string PairsOf(string features) => Beside(features, PairsEnding);

    /// <summary>Refuses features whose side file would take the place of another one: a text of the user's, or the
    /// names of other images.</summary>
    /// <param name="features">The features' file or folder.</param>
    /// <param name="open">Opens their images; called where there is a file to compare with.</param>
    /// <param name="overwrite">Whether the user lets it be replaced.</param>
    /// <exception cref="AtlException">It would.</exception>
    public static void CheckUnused(string features, Func<ImageSource> open, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(open);
        string file = FileOf(features);
        if (!File.Exists(file)) return;
        using (ImageSource source = open())
            if (AreOf(file, source.Images()))
                return;
        if (!overwrite)
            throw new AtlException(
                $"{file}: the names of the features in {features} would be written over this file, expected another "
                    + "-out, or "
                    + "-overwrite to replace it");
        if (Others(features, file) is { } others)
            throw new AtlException(
                $"{file}: has the names of the features in {others}, whose images differ from {features}'s; expected "
                    + "another -out");
    }

    /// <summary>Writes the side file of features, under a name that is not its own yet.</summary>
    /// <param name="features">The features' file or folder.</param>
    /// <param name="names">A name a row.</param>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public static StagedFile Write(string features, IEnumerable<FeatureName> names) => new(FileOf(features), stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (FeatureName name in names) writer.WriteLine(Line(name.Name, name.Label));
    });

    /// <summary>
    /// Whether a side file that is there has these images' names, or those of some of them, in their order: then it may
    /// be that of several files of features.
    /// </summary>
    /// <exception cref="AtlException">The file cannot be read.</exception>
    private static bool AreOf(string file, IEnumerable<SourceImage> images)
    {
        using IEnumerator<SourceImage> all = images.GetEnumerator();
        foreach (string line in TextLines.Each(file, "the names of features"))
        {
            bool found = false;
            while (!found && all.MoveNext()) found = Line(all.Current.Name, all.Current.Label) == line;
            if (!found) return false;
        }
        return true;
    }

    // Features that the side file may belong to, such as F.csv for F.npy; null where there are none.
    private static string? Others(string features, string file) => SharingEndings
        .Select(ending => Path.ChangeExtension(file, ending))
        .FirstOrDefault(other => Path.GetFullPath(other) != Path.GetFullPath(features)
            && (File.Exists(other) || Directory.Exists(other)));

    private static string Line(string name, int? label) =>
        label is { } known ? string.Create(CultureInfo.InvariantCulture, $"{QuotedName.Of(name)}\t{known}")
        : QuotedName.OfLine(name);

    private static string Beside(string features, string ending) =>
        FeatureFile.FileFormatOf(features) is null ? Path.TrimEndingDirectorySeparator(features) + ending
            : Path.ChangeExtension(features, ending);
}
