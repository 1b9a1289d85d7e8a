using System.Text.Json.Serialization;
using Atl.Face.Datasets;
using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Runs;

/// <summary>A verification as it lies in a run's folder: its record, what it is called there, and thumbnails of the
/// hardest pairs.</summary>
internal sealed record RunVerification
{
    /// <summary>The version of the format that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The number of the hardest pairs of each kind that have thumbnails.</summary>
    public const int ThumbnailPairs = 12;

    private const string Expected = "what atl verify -run writes";

    /// <summary>The version of the file's format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Its name in the run.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Names what was compared (<see cref="ProtocolDigest"/>): verifications of one protocol are shown
    /// together.</summary>
    public required string Protocol { get; init; }

    /// <summary>Its result.</summary>
    public required VerificationRecord Record { get; init; }

    /// <summary>Thumbnails by the images' names; of pairs whose images were not at hand there are none.</summary>
    [JsonPropertyName("pictures")]
    public IReadOnlyDictionary<string, Thumbnail> Thumbnails { get; init; } = new Dictionary<string, Thumbnail>();

    /// <summary>Takes a verification into a run.</summary>
    /// <param name="name">What it is to be called.</param>
    /// <param name="record">What it came to.</param>
    /// <param name="protocol">What was compared (<see cref="ProtocolDigest"/>).</param>
    /// <param name="thumbnails">Finds the thumbnails of images by their names.</param>
    public static RunVerification Of(
        string name, VerificationRecord record, string protocol,
        Func<IReadOnlyCollection<string>, IReadOnlyDictionary<string, Thumbnail>> thumbnails)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(thumbnails);
        IEnumerable<NamedPair> shown = [.. record.Hardest.Genuine.Take(ThumbnailPairs),
            .. record.Hardest.Impostor.Take(ThumbnailPairs)];
        HashSet<string> wanted = [.. shown.SelectMany(pair => new[] { pair.First, pair.Second })];
        return new RunVerification
        {
            Name = name,
            Time = DateTimeOffset.UtcNow,
            Protocol = protocol,
            Record = record,
            Thumbnails = thumbnails(wanted)
        };
    }

    /// <summary>Writes the file, which has its name when it is whole.</summary>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public void Write(string path) => JsonText.Write(path, this);

    /// <summary>Reads a file.</summary>
    /// <exception cref="AtlException">It is missing, no such JSON, or of a version that this program does not
    /// know.</exception>
    public static RunVerification Read(string path)
    {
        RunVerification verification = JsonText.Read<RunVerification>(path, Expected);
        if (verification.Version != CurrentVersion)
            throw new AtlException($"{path}: version {verification.Version} of the format, expected {CurrentVersion}");
        string? fault = VerificationRecordCheck.Fault(verification.Record)
            ?? (verification.Thumbnails.Values.Contains(null) ? "pictures: null" : null);
        return fault is null ? verification : throw new AtlException($"{path}: {fault}; expected {Expected}");
    }
}
