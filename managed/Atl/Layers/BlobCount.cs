namespace Atl.Layers;

/// <summary>The number of bottoms or tops that a layer takes.</summary>
/// <param name="Min">The least.</param>
/// <param name="Max">The most.</param>
public readonly record struct BlobCount(int Min, int Max)
{
    /// <summary>Any number, also none.</summary>
    public static BlobCount Any { get; } = new(0, int.MaxValue);

    /// <summary>Exactly so many.</summary>
    public static BlobCount Exactly(int count) => new(count, count);

    /// <summary>So many or more.</summary>
    public static BlobCount AtLeast(int count) => new(count, int.MaxValue);

    /// <summary>From one number to another.</summary>
    public static BlobCount Between(int min, int max) => new(min, max);

    /// <summary>Whether a number is allowed.</summary>
    public bool Allows(int count) => count >= Min && count <= Max;

    /// <inheritdoc/>
    public override string ToString() => this switch
    {
        { Min: var min, Max: var max } when min == max => $"exactly {min}",
        { Max: int.MaxValue } => $"at least {Min}",
        { Min: 0 } => $"at most {Max}",
        _ => $"{Min} to {Max}",
    };
}
