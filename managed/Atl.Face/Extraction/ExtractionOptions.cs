using Atl.Devices;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Face.Extraction;

/// <summary>How features are taken from images.</summary>
public sealed record ExtractionOptions
{
    /// <summary>The blob that is the feature; null for the net's output.</summary>
    public string? Blob { get; init; }

    /// <summary>
    /// What is done with pixels: mean_value or mean_file, and scale, (p − mean)·scale; SphereFace's (p − 127.5)/128
    /// where nothing is said. Whether images are decoded gray or in color the net's input tells, and <c>mirror</c> has
    /// no meaning here.
    /// </summary>
    public TransformationParameter Transform { get; init; } = new() { MeanValue = { 127.5f }, Scale = 1f / 128 };

    /// <summary>How images come to the size of the net's input.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>What becomes of the feature of the mirrored image.</summary>
    public MirrorFeatures Mirror { get; init; } = MirrorFeatures.Concat;

    /// <summary>How many images are run at once.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>The CPU threads of a run (<see cref="SessionOptions.Threads"/>); null for all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Where the net runs.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>The log of the nets (<see cref="NetOptions.Logger"/>). The default logs nothing. Called by several
    /// threads at once.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// Whether layers for which the weights have none keep their fillers' values; else they are an error.
    /// </summary>
    public bool AllowMissingWeights { get; init; }

    /// <summary>The seed of the fillers, for what the weights do not give.</summary>
    public ulong Seed { get; init; } = 1;
}
