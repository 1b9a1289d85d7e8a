using Atl.Face.Verification;
using Atl.Proto;

namespace Atl.Face.Identification;

/// <summary>The result of an identification, as the JSON file that <c>atl identify -json</c> writes.</summary>
/// <param name="Version">The version of the file's format.</param>
/// <param name="Gallery">Who is known.</param>
/// <param name="Probes">Who is looked for.</param>
/// <param name="Known">Probes whose person is in the gallery.</param>
/// <param name="Unknown">Probes whose person is not, and whose feature is usable.</param>
/// <param name="Cmc">The fraction of known probes found at each rank or better.</param>
/// <param name="TpirAtFpir">Open set; empty where no probe is unknown.</param>
/// <param name="Issues">What was odd, every place of it.</param>
internal sealed record IdentificationRecord(
    int Version, SetSource Gallery, SetSource Probes, int Known, int Unknown, IReadOnlyList<CmcPoint> Cmc,
    IReadOnlyList<TpirRecord> TpirAtFpir, IReadOnlyList<IssueRecord> Issues)
{
    /// <summary>The version of the format that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Writes the file, which has its name when it is whole.</summary>
    /// <exception cref="AtlException">It cannot be written.</exception>
    public void Write(string path) => JsonText.Write(path, this);

    /// <summary>Reads a file.</summary>
    /// <exception cref="AtlException">It is missing, no such JSON, or of a version that this program does not
    /// know.</exception>
    public static IdentificationRecord Read(string path)
    {
        IdentificationRecord record = JsonText.Read<IdentificationRecord>(path, "what atl identify -json writes");
        return record.Version == CurrentVersion ? record
            : throw new AtlException($"{path}: version {record.Version} of the format, expected {CurrentVersion}");
    }
}

/// <summary>A set of images.</summary>
/// <param name="Features">Where their features came from.</param>
/// <param name="Images">How many of them are in the set.</param>
/// <param name="People">The number of identities.</param>
internal sealed record SetSource(FeatureSource Features, int Images, int People);

/// <summary>A point of the cumulative match characteristic.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Rate">The fraction of known probes found at it or better.</param>
internal readonly record struct CmcPoint(int Rank, double Rate);

/// <summary>True positive identification rate at a false positive identification rate.</summary>
/// <param name="Fpir">The rate asked for.</param>
/// <param name="Tpir">The true positive identification rate; null where there are too few unknown probes.</param>
/// <param name="Threshold">Scores strictly above it are accepted; null where there is no rate, or every score is
/// accepted.</param>
/// <param name="FpirReached">The false positive identification rate at the threshold; null where there is no
/// rate.</param>
/// <param name="UnknownProbes">Unknown probes there are.</param>
/// <param name="NeededProbes">Unknown probes that the rate needs.</param>
internal sealed record TpirRecord(double Fpir, double? Tpir, double? Threshold, double? FpirReached, long UnknownProbes,
    long NeededProbes)
{
    /// <summary>A rate of <see cref="IdentificationResult.Tpirs"/> in the words of identification.</summary>
    internal static TpirRecord Of(TarAtFar rate) => new(
        rate.Far, rate.Tar, rate.Threshold, rate.FarReached, rate.ImpostorPairs, rate.NeededPairs);
}
