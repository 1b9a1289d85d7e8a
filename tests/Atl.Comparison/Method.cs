namespace Atl.Comparison;

/// <summary>A way to train: one or more heads, one after the other, each with the same share of the budget.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Heads">The head of each step, a file of Nets; a later step starts from the weights of the one before.</param>
internal sealed record Method(string Name, params string[] Heads)
{
    /// <summary>Every way that is compared.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        new("softmax", "softmax"),
        new("normalised", "normalised"),
        new("sphereface", "sphereface"),
        new("am-softmax", "am-softmax"),
        new("atl-1", "sphereface", "atl-tune"),
        new("atl-1-triplet", "sphereface", "atl-tune-triplet"),
        new("atl-2", "atl-direct"),
        new("atl-2-triplet", "atl-direct-triplet"),
        new("atl-small", "atl-small"),
    ];
}
