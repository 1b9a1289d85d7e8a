using Atl.Devices;

namespace Atl.Layers;

/// <summary>What a net gives to its layers.</summary>
/// <param name="Device">Where operators run.</param>
/// <param name="Seed">The seed of every random stream of the net.</param>
public sealed record LayerContext(Device Device, ulong Seed)
{
    /// <summary>The random stream of one purpose of one layer.</summary>
    public RandomStream CreateStream(string layer, string purpose) => new(Seed, $"{layer}/{purpose}");
}
