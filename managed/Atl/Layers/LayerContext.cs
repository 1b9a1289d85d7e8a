using Atl.Devices;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Layers;

/// <summary>The context that a net gives to its layers.</summary>
/// <param name="device">Where operators run.</param>
/// <param name="seed">The seed of every random stream of the net.</param>
public sealed class LayerContext(Device device, ulong seed)
{
    /// <summary>The device on which operators run.</summary>
    public Device Device { get; } = device;

    /// <summary>The seed of every random stream of the net; changes only when a resumed run takes up the saved
    /// one.</summary>
    public ulong Seed { get; internal set; } = seed;

    /// <summary>Whether the net is inspected and never run: parameters are not filled and operators not made.</summary>
    public bool ShapesOnly { get; init; }

    /// <summary>Whether fillers draw the parameters' first values; else they come from elsewhere.</summary>
    internal bool FillsParameters { get; init; } = true;

    /// <summary>The logger for the layers' messages (<see cref="NetOptions.Logger"/>).</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The phase of layers whose message has none.</summary>
    internal Phase Phase { get; init; }

    /// <summary>Whether a layer has asked for its phase, so that a net of the other phase may differ.</summary>
    internal PhaseWatch PhaseWatch { get; init; } = new();

    /// <summary>The random stream of one purpose of one layer.</summary>
    public RandomStream CreateStream(string layer, string purpose) => new(Seed, StreamName(layer, purpose));

    /// <summary>The stream of all layers where the net is never run, for nobody draws from it.</summary>
    internal RandomStream Unused => field ??= new RandomStream(Seed, "");

    internal static string StreamName(string layer, string purpose) => $"{layer}/{purpose}";
}
