using Atl.Devices;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl;

/// <summary>How a <see cref="Model"/> is loaded.</summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record ModelOptions
{
    /// <summary>Where sessions run.</summary>
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

    /// <summary>How images become inputs; null for what a transform_param of the net says, else pixels as they
    /// are.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>How the prototxt is read; null to refuse unknown fields and to log what is upgraded.</summary>
    public TextFormatOptions? TextFormat { get; init; }

    /// <summary>The log of loading and of the sessions (<see cref="NetOptions.Logger"/>). The default logs
    /// nothing.</summary>
    public ILogger Logger
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Logger));
    } = NullLogger.Instance;
}
