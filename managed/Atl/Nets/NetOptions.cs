using Atl.Devices;
using Atl.Layers;
using Atl.Logging;
using Atl.Nets;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl;

/// <summary>Options for building a net.</summary>
public sealed record NetOptions
{
    /// <summary>TRAIN or TEST: which layers take part, and how they behave.</summary>
    public Phase Phase { get; init; } = Phase.Test;

    /// <summary>The level that include and exclude rules compare with min_level and max_level.</summary>
    public int Level { get; init; }

    /// <summary>The stages that include and exclude rules ask for.</summary>
    public IReadOnlyList<string> Stages
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Stages));
    } = [];

    /// <summary>The device on which operators run.</summary>
    public Device Device
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Device));
    } = Device.Cpu;

    /// <summary>The seed of fillers, dropout, mining and shuffling.</summary>
    public ulong Seed { get; init; } = NewSeed();

    /// <summary>
    /// Whether every blob keeps its data and diff. Otherwise a blob's memory is given to later blobs after its last
    /// use: data in TEST nets, diffs and used-up data during backward; inputs, outputs and <see cref="Keep"/> stay.
    /// </summary>
    public bool KeepAll { get; init; }

    /// <summary>The blobs that keep their data and diff though other blobs share memory.</summary>
    public IReadOnlyCollection<string> Keep
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Keep));
    } = [];

    /// <summary>
    /// Whether the net is inspected and never run: everything is checked and shaped, but parameters are not filled and
    /// operators not made, so that the largest net takes no memory to speak of.
    /// </summary>
    public bool ShapesOnly { get; init; }

    /// <summary>
    /// The log of the net and its layers. Information: what Caffe logs. Warnings: doubts about results, such as layers
    /// without weights, images with damaged parts, and operators that run on the CPU in place of the GPU. Errors: side
    /// files that cannot be written. The default logs nothing, so pass a logger that takes at least warnings. Results
    /// that are wrong beyond doubt are exceptions with any logger.
    /// </summary>
    /// <remarks>Several threads call the logger at once. Its exceptions are dropped
    /// (<see cref="LogLines"/>).</remarks>
    public ILogger Logger
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Logger));
    } = NullLogger.Instance;

    /// <summary>
    /// Whether fillers draw the parameters' first values; not where all of them come from elsewhere. They are checked
    /// anyway.
    /// </summary>
    internal bool FillsParameters { get; init; } = true;

    /// <summary>
    /// Whether layers run in place wherever the prototxt says so, whatever that destroys: for tests of the hazards.
    /// </summary>
    internal bool IgnoreHazards { get; init; }

    /// <summary>Called when a layer asks for its phase.</summary>
    internal PhaseWatch PhaseWatch { get; init; } = new();

    /// <summary>A change to the net's nodes once it is built: tests put faults into it.</summary>
    internal Action<IReadOnlyList<NetNode>>? Tamper { get; init; }

    /// <summary>A seed that nobody chose.</summary>
    public static ulong NewSeed() => (ulong)System.Random.Shared.NextInt64();
}
