using System.Globalization;
using Atl.Data;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>
/// The side file of features: a line a row, in the order of rows, the image's name and, where one is known, a tab and its label.
/// <see cref="Verification.ImageNames"/> reads it.
/// </summary>
public static class FeatureNames
{
    private const string Ending = ".txt";

    /// <summary>What the side file is called: the features' file with the ending .txt, or the database's folder and .txt.</summary>
    public static string FileOf(string features) =>
        FeatureFile.FormatOf(features) == FeatureFile.Database ? Path.TrimEndingDirectorySeparator(features) + Ending : Path.ChangeExtension(features, Ending);

    /// <summary>Writes the side file of features.</summary>
    /// <param name="features">The features' file or folder.</param>
    /// <param name="names">A name a row.</param>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public static void Write(string features, IEnumerable<FeatureName> names) => AtomicFile.Write(FileOf(features), stream =>
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (FeatureName name in names)
            writer.WriteLine(name.Label is { } label ? string.Create(CultureInfo.InvariantCulture, $"{OneLine(name.Name)}\t{label}") : OneLine(name.Name));
    });

    private static string OneLine(string name) => name.ReplaceLineEndings(" ");
}
