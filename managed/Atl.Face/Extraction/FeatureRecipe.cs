using System.Security.Cryptography;
using System.Text;
using Atl.Face.Alignment;
using Atl.Proto;

namespace Atl.Face.Extraction;

/// <summary>
/// The recipe of features: the net, its weights, and the steps before them. <c>atl extract</c> writes it beside
/// features, so that a threshold measured on them states its validity.
/// </summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record FeatureRecipe
{
    /// <summary>The version of the format that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The suffix of the features' name: <c>lfw.npy.recipe.json</c>.</summary>
    public const string Ending = ".recipe.json";

    private const string Expected = "what atl extract writes beside features";

    /// <summary>The version of the file's format.</summary>
    public required int Version { get; init; }

    /// <summary>The SHA-256 of the prototxt.</summary>
    public required string NetSha256 { get; init; }

    /// <summary>The SHA-256 of each file of weights, later ones over earlier ones.</summary>
    public required IReadOnlyList<string> WeightsSha256 { get; init; }

    /// <summary>The blob that is the feature.</summary>
    public required string Blob { get; init; }

    /// <summary>The length of a feature.</summary>
    public required int Columns { get; init; }

    /// <summary>The use of the mirrored image's feature.</summary>
    public required MirrorFeatures Mirror { get; init; }

    /// <summary>The way in which images come to the size of the net's input.</summary>
    public required ImageFit Fit { get; init; }

    /// <summary>The values subtracted from pixels; empty for none, or for a mean image.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>The SHA-256 of the mean image that was subtracted; null for none.</summary>
    public string? MeanFileSha256 { get; init; }

    /// <summary>The factor after the mean.</summary>
    public required float Scale { get; init; }

    /// <summary>The alignment of the faces (<see cref="FaceAlignment.Description"/>); null if unknown.</summary>
    public string? Alignment { get; init; }

    /// <summary>The recipe of an extractor.</summary>
    /// <param name="extractor">The extractor.</param>
    /// <param name="prototxt">The file of its net.</param>
    /// <param name="weights">The files of its weights.</param>
    /// <param name="alignment">How faces were aligned; null where that is not known.</param>
    /// <exception cref="AtlException">A file cannot be read.</exception>
    internal static FeatureRecipe Of(FaceExtractor extractor, string prototxt, IEnumerable<string> weights,
        string? alignment)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        TransformationParameter transform = extractor.Options.Transform;
        return new FeatureRecipe
        {
            Version = CurrentVersion,
            NetSha256 = HashOf(prototxt, "a net"),
            WeightsSha256 = [.. weights.Select(file => HashOf(file, "weights"))],
            Blob = extractor.Feature,
            Columns = extractor.Columns,
            Mirror = extractor.Options.Mirror,
            Fit = extractor.Options.Fit,
            Mean = [.. transform.MeanValue],
            MeanFileSha256 = transform.HasMeanFile ? HashOf(transform.MeanFile, "a mean image") : null,
            Scale = transform.Scale,
            Alignment = alignment,
        };
    }

    /// <summary>The file beside features.</summary>
    public static string FileOf(string features) => Path.TrimEndingDirectorySeparator(features) + Ending;

    /// <summary>Reads the file beside features.</summary>
    /// <exception cref="AtlException">It is missing, no such JSON, or of a version that this program does not
    /// know.</exception>
    public static FeatureRecipe Read(string features)
    {
        string file = FileOf(features);
        if (!File.Exists(file))
            throw new AtlException($"{file}: does not exist, so it is not known how the features in {features} were "
                + "computed; extract them with atl extract, which writes it");
        FeatureRecipe recipe = JsonText.Read<FeatureRecipe>(file, Expected);
        recipe.Check(file);
        return recipe;
    }

    /// <summary>Writes the file beside features, under a name that is not its own yet.</summary>
    /// <exception cref="AtlException">It cannot be written.</exception>
    internal StagedFile Stage(string features) =>
        new(FileOf(features), stream => stream.Write(Encoding.UTF8.GetBytes(JsonText.Of(this))));

    /// <summary>Options for computing such features.</summary>
    /// <param name="meanFile">The mean image, where one is subtracted.</param>
    public ExtractionOptions ToOptions(string meanFile)
    {
        TransformationParameter transform = new() { Scale = Scale, MeanValue = { Mean } };
        if (MeanFileSha256 is not null) transform.MeanFile = meanFile;
        return new ExtractionOptions { Blob = Blob, Mirror = Mirror, Fit = Fit, Transform = transform };
    }

    /// <summary>In what another recipe differs, in words; null where features of both may be compared.</summary>
    public string? Difference(FeatureRecipe other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach ((string what, string here, string there) in ((string, string, string)[])
        [
            ("a prototxt with SHA-256", NetSha256, other.NetSha256),
            ("weights with SHA-256", string.Join(", ", WeightsSha256), string.Join(", ", other.WeightsSha256)),
            ("the feature blob", Blob, other.Blob),
            ("the mirrored image's feature", Text($"{Mirror}"), Text($"{other.Mirror}")),
            ("the fit", Text($"{Fit}"), Text($"{other.Fit}")),
            ("the mean", string.Join(", ", Mean.Select(mean => Text($"{mean}"))),
                string.Join(", ", other.Mean.Select(mean => Text($"{mean}")))),
            ("a mean image with SHA-256", MeanFileSha256 ?? "none", other.MeanFileSha256 ?? "none"),
            ("the scale", Text($"{Scale}"), Text($"{other.Scale}")),
            ("the alignment", Alignment ?? "unknown", other.Alignment ?? "unknown"),
        ])
            if (here != there)
                return $"{what} {here}, found {there}";
        return null;

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }

    /// <summary>Refuses a file of another version.</summary>
    internal void Check(string file)
    {
        if (Version != CurrentVersion)
            throw new AtlException($"{file}: version {Version} of a recipe, expected {CurrentVersion}");
    }

    private static string HashOf(string path, string what) => UserFile.Guarded(path, what, () =>
    {
        using Stream stream = UserFile.Open(path, what);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    });
}
