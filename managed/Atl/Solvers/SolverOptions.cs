using Atl.Devices;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Solvers;

/// <summary>How a solver is run, beyond what its prototxt says.</summary>
public sealed record SolverOptions
{
    /// <summary>Where operators run; null for what the prototxt asks for (<see cref="SolverDevice.Of"/>).</summary>
    public Device? Device { get; init; }

    /// <summary>
    /// The solver's file. Nets that are not found from the working folder are looked for beside it, and it gives
    /// snapshot_prefix its default. Null for the file that the message was read from, if any.
    /// </summary>
    public string? File { get; init; }

    /// <summary>
    /// Goes on (with a warning for each row of such iterations) when the loss or the gradient is NaN or infinite, in
    /// place of stopping with an error.
    /// </summary>
    public bool ContinueOnNonFinite { get; init; }

    /// <summary>Where requests to stop or to take a snapshot come from.</summary>
    internal SolverActionSource Actions { get; init; } = new();

    /// <summary>Who is told of progress.</summary>
    public IReadOnlyList<ISolverObserver> Observers { get; init; } = [];

    /// <summary>
    /// The log of the solver and its nets (<see cref="NetOptions.Logger"/>). Information: what Caffe logs. Warnings:
    /// doubts about results. Errors: snapshots that cannot be written while training goes on. The default logs nothing,
    /// so pass a logger that takes at least warnings.
    /// </summary>
    /// <remarks>Several threads call the logger at once. Its exceptions are dropped
    /// (<see cref="LogLines"/>).</remarks>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// How many snapshots of snapshot_prefix stay when a new one is on the disk, itself among them; older ones are
    /// removed. Null for all.
    /// </summary>
    public int? KeepSnapshots { get; init; }

    /// <summary>How net files are read; null to log what is upgraded and to refuse unknown fields.</summary>
    public TextFormatOptions? TextFormat { get; init; }

    /// <summary>
    /// The maximum bytes of parameters or history that snapshots hold as binary files; of more they are HDF5.
    /// </summary>
    internal long MostBinaryBytes { get; init; } = ProtoFiles.MostBlobBytes;
}
