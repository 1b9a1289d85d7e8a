using Atl.Layers;

namespace Atl.Nets;

/// <summary>The value that would be lost.</summary>
/// <param name="Kind">Why it is needed.</param>
/// <param name="Layer">The layer that needs it; null where the caller does.</param>
/// <param name="Blob">The blob that holds it.</param>
internal sealed record HazardVictim(HazardKind Kind, Layer? Layer, Blob Blob);

/// <summary>The remedy for a hazard.</summary>
internal enum HazardRemedy
{
    /// <summary>The top gets memory of its own.</summary>
    OwnMemory,

    /// <summary>The layers that need it read their bottom instead, which is untouched.</summary>
    ReadBottom,

    /// <summary>The top gets a diff of its own.</summary>
    OwnDiff,

    /// <summary>The loss weight is added when the readers' gradient is there.</summary>
    AddLossWeight,
}

/// <summary>A place in a built net where shared memory would change a result.</summary>
/// <param name="Node">The place of the layer that would do it.</param>
/// <param name="Top">Its top.</param>
/// <param name="Bottom">The bottom whose memory the top shares; -1 for a loss weight.</param>
/// <param name="Remedy">What is done about it.</param>
/// <param name="Victims">What would be lost.</param>
internal sealed record Hazard(int Node, int Top, int Bottom, HazardRemedy Remedy, IReadOnlyList<HazardVictim> Victims)
{
    /// <summary>Whether something of this kind would be lost.</summary>
    public bool Has(HazardKind kind) => Victims.Any(victim => victim.Kind == kind);
}
