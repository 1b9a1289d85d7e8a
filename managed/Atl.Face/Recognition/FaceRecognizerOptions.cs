using Atl.Devices;
using Atl.Face.Alignment;
using Atl.Face.Detection;
using Atl.Face.Extraction;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Face;

/// <summary>Options of a <see cref="FaceRecognizer"/>.</summary>
/// <remarks>Immutable; any number of threads may share it.</remarks>
public sealed record FaceRecognizerOptions
{
    /// <summary>
    /// The alignment of faces; null for that of threshold.json, or without one for the default of <c>atl align</c>,
    /// <see cref="WuXiangAlignment"/> to 112 × 112.
    /// </summary>
    public FaceAlignment? Alignment { get; init; }

    /// <summary>
    /// Options for computing an embedding from an aligned face: blob, mean, scale, and the mirrored image's feature.
    /// Null for those of threshold.json, or without one for the defaults of <c>atl extract</c>: the net's output, (p −
    /// 127.5)/128, no mirrored image. Batch, device and threads are not taken from it.
    /// </summary>
    public ExtractionOptions? Extraction { get; init; }

    /// <summary>Options of MTCNN; its threads are <see cref="Threads"/>.</summary>
    public MtcnnOptions Mtcnn { get; init; } = new();

    /// <summary>Options of RSA; its threads are <see cref="Threads"/>.</summary>
    public RsaOptions Rsa { get; init; } = new();

    /// <summary>The CPU threads that a net takes for one call (<see cref="SessionOptions.Threads"/>); null for all
    /// cores. Set 1 for the highest throughput of many calls at once.</summary>
    public int? Threads { get; init; }

    /// <summary>
    /// The number of calls that run in parallel, each with activations of its own; further calls wait. The default is
    /// the number of processors.
    /// </summary>
    public int Concurrency { get; init; } = Environment.ProcessorCount;

    /// <summary>The device on which the nets run.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>The log of the nets, and of faces that cannot be aligned. The default logs nothing. Called by several
    /// threads at once.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
