using Atl.Proto;

namespace Atl.Face.Verification;

/// <summary>
/// The result of a verification, as the JSON file that <c>atl verify -json</c> writes: names in snake case; unknown
/// values, and those with too few pairs, are null. Cosines are thresholds and scores; rates are fractions from 0 to 1.
/// </summary>
internal sealed record VerificationRecord
{
    /// <summary>The version of the format that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the file's format.</summary>
    public required int Version { get; init; }

    /// <summary>The source of the features.</summary>
    public required FeatureSource Features { get; init; }

    /// <summary>The pairs compared.</summary>
    public required PairSource Pairs { get; init; }

    /// <summary>The accuracy by cross-validation over folds; null where pairs have one fold only.</summary>
    public CrossValidatedAccuracy? Accuracy { get; init; }

    /// <summary>
    /// The accuracy by insightface's protocol, thresholds being squared distances; null where it was not asked for.
    /// </summary>
    public CrossValidatedAccuracy? Insightface { get; init; }

    /// <summary>The area under the ROC.</summary>
    public required double Auc { get; init; }

    /// <summary>The equal error rate.</summary>
    public required double EqualErrorRate { get; init; }

    /// <summary>The cosine at which the false accept rate reaches the false reject rate.</summary>
    public required double EqualErrorThreshold { get; init; }

    /// <summary>True accept rates, in the order of the rates asked for.</summary>
    public required IReadOnlyList<TarAtFar> TarAtFar { get; init; }

    /// <summary>The angular Fisher score; null where identities are not known.</summary>
    public double? AngularFisher { get; init; }

    /// <summary>Confidence intervals; null where none were asked for. Those of the true accept rates stand with
    /// these.</summary>
    public BootstrapIntervals? Intervals { get; init; }

    /// <summary>Points of the ROC by rising false accept rate, about 60 a decade.</summary>
    public required IReadOnlyList<RocPoint> Roc { get; init; }

    /// <summary>The angles of the pairs of the ROC.</summary>
    public required AngleCounts Angles { get; init; }

    /// <summary>The hardest pairs.</summary>
    public required HardestPairs Hardest { get; init; }

    /// <summary>Some identities' features in the plane; null where identities are not known, or no two identities have
    /// two usable images each.</summary>
    public ProjectionRecord? Projection { get; init; }

    /// <summary>All oddities, each with its place.</summary>
    public required IReadOnlyList<IssueRecord> Issues { get; init; }

    /// <summary>Writes the file, which has its name when it is whole.</summary>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public void Write(string path) => JsonText.Write(path, this);

    /// <summary>Reads a file.</summary>
    /// <exception cref="AtlException">It is missing, no such JSON, or of a version that this program does not
    /// know.</exception>
    public static VerificationRecord Read(string path)
    {
        VerificationRecord record = JsonText.Read<VerificationRecord>(path, "what atl verify -json writes");
        if (record.Version != CurrentVersion)
            throw new AtlException($"{path}: version {record.Version} of the format, expected {CurrentVersion}");
        return VerificationRecordCheck.Fault(record) is { } fault
            ? throw new AtlException($"{path}: {fault}; expected what atl verify -json writes") : record;
    }
}

/// <summary>The source of features.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Rows">How many images.</param>
/// <param name="Columns">The length of a feature.</param>
/// <param name="Names">The list of the images' names; null where they are numbered.</param>
public sealed record FeatureSource(string Path, int Rows, int Columns, string? Names);

/// <summary>The pairs compared.</summary>
/// <param name="Kind">"lfw" (LFW's pairs.txt), "list", or "all" (every image with every other).</param>
/// <param name="Path">The list; null for all pairs.</param>
/// <param name="Identities">The number of identities; null if unknown.</param>
/// <param name="Genuine">Genuine pairs of ROC, AUC, EER and TAR@FAR.</param>
/// <param name="Impostor">Impostor pairs of the same.</param>
/// <param name="Unscored">Pairs without a score: errors in the accuracy, in nothing else.</param>
/// <param name="Folds">Folds, empty ones included.</param>
/// <param name="FoldPairs">Pairs in the folds; of all pairs these are redrawn, as many genuine as impostor
/// ones.</param>
public sealed record PairSource(string Kind, string? Path, int? Identities, long Genuine, long Impostor,
    long Unscored,
    int Folds, int FoldPairs);

/// <summary>Counts of pairs by angle: bin i holds [i · width, (i + 1) · width) degrees
/// (<see cref="AngleHistogram"/>).</summary>
internal sealed record AngleCounts(double Width, IReadOnlyList<long> Genuine, IReadOnlyList<long> Impostor);

/// <summary>The genuine pairs with the lowest scores, lowest first, and the impostor pairs with the highest, highest
/// first.</summary>
internal sealed record HardestPairs(IReadOnlyList<NamedPair> Genuine, IReadOnlyList<NamedPair> Impostor);

/// <summary>A pair with the names of its images, as the features' list has them, and their rows of the
/// features.</summary>
internal sealed record NamedPair(string First, string Second, int FirstRow, int SecondRow, double Score);

/// <summary>One kind of oddity (<see cref="VerificationIssue"/>) with every place.</summary>
internal sealed record IssueRecord(string Kind, string What, string Unit, int Count, IReadOnlyList<IssuePlace> Places);

/// <summary>The place of an oddity.</summary>
/// <param name="Number">The image's row of the features, the pair's position or the fold, from 0.</param>
/// <param name="Line">The line of the pair list; null where there is none.</param>
/// <param name="Name">The name of the image, the two names of the pair with a space between them; null for
/// folds.</param>
internal sealed record IssuePlace(int Number, int? Line, string? Name);
