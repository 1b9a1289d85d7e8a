namespace Atl.Face.Detection;

/// <summary>Options of <see cref="MtcnnDetector"/>.</summary>
public sealed record MtcnnOptions
{
    /// <summary>P-Net score threshold.</summary>
    public float ProposalThreshold { get; init; } = 0.6f;

    /// <summary>R-Net score threshold.</summary>
    public float RefinementThreshold { get; init; } = 0.7f;

    /// <summary>O-Net score threshold.</summary>
    public float OutputThreshold { get; init; } = 0.9f;

    /// <summary>The largest <see cref="Factor"/>: the largest images have fewer than 1,000 levels with it.</summary>
    public const double LargestFactor = 0.98;

    /// <summary>
    /// The ratio of a pyramid level's size to that of the level before: above 0, at most <see cref="LargestFactor"/>.
    /// </summary>
    public double Factor { get; init; } = 0.709;

    /// <summary>The side in pixels of the smallest face to be found; at least 12.</summary>
    public int MinSize { get; init; } = 20;

    /// <summary>Whether the nets see images transposed: the published ones were trained from MATLAB, whose arrays lie
    /// column by column.</summary>
    public bool Transposed { get; init; } = true;

    /// <summary>Whether the nets see red, green, blue planes, as the published ones; else blue, green, red.</summary>
    public bool Rgb { get; init; } = true;

    /// <summary>
    /// The most pixels of a pyramid level that P-Net sees at once, which bounds its memory: larger levels are gone
    /// through in tiles.
    /// </summary>
    internal int PixelsAtOnce { get; init; } = 1 << 21;

    /// <summary>The CPU threads that a net takes (<see cref="SessionOptions.Threads"/>); null for all cores.</summary>
    public int? Threads { get; init; }
}
