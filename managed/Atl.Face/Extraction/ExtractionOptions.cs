using Atl.Devices;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Face.Extraction;

/// <summary>Options for extracting features from images.</summary>
public sealed record ExtractionOptions
{
    /// <summary>The blob that is the feature; null for the net's output.</summary>
    public string? Blob { get; init; }

    /// <summary>
    /// The transformation of pixels: mean_value or mean_file, and scale, (p − mean)·scale; by default SphereFace's (p −
    /// 127.5)/128. The net's input determines whether images are decoded gray or in color. <c>mirror</c> is ignored.
    /// </summary>
    public TransformationParameter Transform { get; init; } = new() { MeanValue = { 127.5f }, Scale = 1f / 128 };

    /// <summary>The way in which images come to the size of the net's input.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>The use of the mirrored image's feature.</summary>
    public MirrorFeatures Mirror { get; init; } = MirrorFeatures.Concat;

    /// <summary>The number of images per forward pass.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>The CPU threads of a run (<see cref="SessionOptions.Threads"/>); null for all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>The device on which the net runs.</summary>
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
