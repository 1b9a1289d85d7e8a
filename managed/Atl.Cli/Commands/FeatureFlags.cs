using System.Globalization;
using Atl.Cli.CommandLine;
using Atl.Face.Extraction;
using Atl.Face.Verification;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Commands;

/// <summary>The flags by which verify and identify find features, the names of their images and who is on
/// them.</summary>
internal static class FeatureFlags
{
    public static readonly Flag Array = new("array", FlagKind.Text,
        "the feature array of an HDF5 file or .npz; default: data or features",
        "NAME");

    public static readonly Flag Names = new("names", FlagKind.Text,
        "the images' paths, one line per row, optionally with an integer label; default: FEATURES with the ending .txt "
            + "if it exists, else the names in a .npz or .csv, else row numbers from 0",
        "FILE");

    public static readonly Flag Labels = new("labels", FlagKind.Text,
        "identities of the images: one word per line in row order, or lines of a name and a word", "FILE");

    public static readonly Flag Identity = new("identity", FlagKind.Text,
        "how to read identities from names without -labels: the first folder below the shared one, or as in LFW "
            + "(NAME_0001); auto takes labels after the names",
        "auto|folder|lfw")
    {
        Default = "auto",
        Choices = ["auto", "folder", "lfw"],
    };

    /// <summary>Reads features and names; identities if flags or labels after the names give them.</summary>
    public static FeatureInput Read(string path, string namesFile, string labelsFile, FlagValues flags,
        ILogger log)
    {
        (FeatureMatrix features, IReadOnlyList<string>? within) =
            FeatureReader.Read(path, flags.IsGiven("array") ? flags.Text("array") : null, log);
        string beside = FeatureNames.FileOf(path);
        string? file = namesFile.Length > 0 ? namesFile : File.Exists(beside) ? beside : null;
        ImageNames names = file is not null ? ImageNames.Read(file, features.Rows, path)
            : within is not null ? new ImageNames(within)
            : ImageNames.Numbered(features.Rows);
        List<IssuePlace> absent = [];
        string[]? identities = labelsFile.Length > 0
            ? Identities.Read(labelsFile, names, (line, name) => absent.Add(new IssuePlace(line - 1, line, name)))
            : flags.Text("identity") switch
            {
                "folder" => FromNames(Identities.ByFolder),
                "lfw" => FromNames(Identities.ByLfwName),
                _ => names.Labels is null ? null : [.. names.Labels],
            };
        IssueRecord[] issues = absent.Count > 0
            ? [new("labels_without_features", "labels are of images that have no feature", "image", absent.Count,
                absent)]
            : [];
        return new FeatureInput(features, names,
            new FeatureSource(path, features.Rows, features.Columns, file ?? (within is null ? null : path)),
            identities, issues);

        // The names know of no file.
        string[] FromNames(Func<ImageNames, string[]> identify)
        {
            try
            {
                return identify(names);
            }
            catch (AtlException e)
            {
                throw new AtlException($"{file ?? path}: {e.Message}", e);
            }
        }
    }

    /// <summary>Rates between commas, each in (0, 1].</summary>
    public static double[] Rates(FlagValues flags, string name) =>
    [
        .. flags.Parts(name).Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture,
            out double rate) && rate is > 0 and <= 1
            ? rate
            : throw new UsageException($"flag '-{name}' is '{part}', expected rates above 0 and up to 1, with "
                + "commas between them")),
    ];
}
