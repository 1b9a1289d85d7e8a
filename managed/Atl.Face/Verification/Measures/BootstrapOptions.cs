namespace Atl.Face.Verification;

/// <summary>Options for confidence intervals.</summary>
internal sealed record BootstrapOptions
{
    /// <summary>The number of resamples.</summary>
    public int Replicates { get; init; } = 400;

    /// <summary>The fraction of samples that an interval covers.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Chooses the samples.</summary>
    public ulong Seed { get; init; } = 1;
}
