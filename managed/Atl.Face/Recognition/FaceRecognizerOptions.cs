using Atl.Devices;
using Atl.Face.Alignment;
using Atl.Face.Detection;
using Atl.Face.Extraction;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Face;

/// <summary>How a <see cref="FaceRecognizer"/> is loaded.</summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record FaceRecognizerOptions
{
    /// <summary>How faces are aligned; null for what threshold.json says, or without one for the default of <c>atl
    /// align</c>, <see cref="WuXiangAlignment"/> to 112 × 112.</summary>
    public FaceAlignment? Alignment { get; init; }

    /// <summary>
    /// How an aligned face becomes an embedding: blob, mean, scale, and the mirrored image's feature. Null for what
    /// threshold.json says, or without one for the defaults of <c>atl extract</c>: the net's output, (p − 127.5)/128,
    /// no mirrored image. Batch, device and threads are not taken from it.
    /// </summary>
    public ExtractionOptions? Extraction { get; init; }

    /// <summary>How MTCNN searches; its threads are <see cref="Threads"/>.</summary>
    public MtcnnOptions Mtcnn { get; init; } = new();

    /// <summary>How RSA searches; its threads are <see cref="Threads"/>.</summary>
    public RsaOptions Rsa { get; init; } = new();

    /// <summary>The CPU threads that a net takes for one call (<see cref="SessionOptions.Threads"/>); null for all
    /// cores. Set 1 for the highest throughput of many calls at once.</summary>
    public int? Threads { get; init; }

    /// <summary>How many calls work at once, each with activations of its own; more wait. The default is the number of
    /// processors.</summary>
    public int Concurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the nets run.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>The log of the nets, and of faces that cannot be aligned. The default logs nothing. Called by several
    /// threads at once.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
