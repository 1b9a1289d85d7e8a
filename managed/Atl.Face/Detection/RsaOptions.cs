namespace Atl.Face.Detection;

/// <summary>Options of <see cref="RsaDetector"/>.</summary>
public sealed record RsaOptions
{
    /// <summary>The most pixels of the longer side; memory grows with its square.</summary>
    public const int LongestSide = 8192;

    /// <summary>
    /// The pixels that an image's longer side is scaled to, 16 to <see cref="LongestSide"/>: 2048, or 512 where small
    /// faces do not matter.
    /// </summary>
    public int LongSide { get; init; } = 2048;

    /// <summary>The number of octaves to search: scales 2^0 … 2^(octaves − 1).</summary>
    public int Octaves { get; init; } = 5;

    /// <summary>The minimum score of what suppression sees.</summary>
    public float CandidateThreshold { get; init; } = 3;

    /// <summary>The score that a face must be above.</summary>
    public float Threshold { get; init; } = 8;

    /// <summary>The overlap (of the union) above which the lower score is suppressed.</summary>
    public float Overlap { get; init; } = 0.2f;

    /// <summary>The CPU threads that a net takes (<see cref="SessionOptions.Threads"/>); null for all cores.</summary>
    public int? Threads { get; init; }
}
