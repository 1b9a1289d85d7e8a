namespace Atl.Face.Verification;

/// <summary>How confidence intervals are made.</summary>
internal sealed record BootstrapOptions
{
    /// <summary>How many samples are drawn.</summary>
    public int Replicates { get; init; } = 400;

    /// <summary>The fraction of samples that an interval covers.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Chooses the samples.</summary>
    public ulong Seed { get; init; } = 1;
}
