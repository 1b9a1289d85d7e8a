namespace Atl.Comparison;

/// <summary>A way to train: one or more heads, one after the other, each with the same share of the budget.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Heads">The head of each step, a file of Nets; a later step starts from the weights of the one
/// before.</param>
internal sealed record Method(string Name, params string[] Heads)
{
    /// <summary>What base_lr is multiplied by in the steps after the first.</summary>
    public float LaterRate { get; init; } = 1;

    /// <summary>Every way that is compared.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        new("softmax", "softmax"),
        new("normalised", "normalised"),
        new("sphereface", "sphereface"),
        new("sphereface-exact", "sphereface-exact"),
        new("am-softmax", "am-softmax"),
        new("atl-1", "sphereface", "atl-tune"),
        new("atl-1-triplet", "sphereface", "atl-tune-triplet"),
        new("atl-1-slow", "sphereface", "atl-tune") { LaterRate = 0.1f },
        new("atl-2", "atl-direct"),
        new("atl-2-triplet", "atl-direct-triplet"),
        new("atl-small", "atl-small"),
    ];
}
