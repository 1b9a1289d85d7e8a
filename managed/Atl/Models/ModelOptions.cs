using Atl.Devices;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl;

/// <summary>Options for loading a <see cref="Model"/>.</summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record ModelOptions
{
    /// <summary>The device on which sessions run.</summary>
    public Device Device
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Device));
    } = Device.Cpu;

    /// <summary>The numbers that sessions compute with.</summary>
    public Precision Precision { get; init; }

    /// <summary>The level that include and exclude rules compare with min_level and max_level.</summary>
    public int Level { get; init; }

    /// <summary>The stages that include and exclude rules ask for.</summary>
    public IReadOnlyList<string> Stages
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Stages));
    } = [];

    /// <summary>
    /// Whether a layer that finds no weights keeps its filler's values, with a warning to <see cref="Logger"/>. The
    /// default is an error.
    /// </summary>
    public bool AllowMissingWeights { get; init; }

    /// <summary>The seed of fillers, of layers that find no weights, and of layers that draw numbers in TEST.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The pre-processing of images; null for that of a transform_param of the net, else none.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Options for reading the prototxt; null to refuse unknown fields and to log upgrades.</summary>
    public TextFormatOptions? TextFormat { get; init; }

    /// <summary>The log of loading and of the sessions (<see cref="NetOptions.Logger"/>). The default logs
    /// nothing.</summary>
    public ILogger Logger
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Logger));
    } = NullLogger.Instance;
}
