using Atl.Devices;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Solvers;

/// <summary>Options for running a solver, beyond its prototxt.</summary>
public sealed record SolverOptions
{
    /// <summary>The device on which operators run; null for the prototxt's (<see cref="SolverDevice.Of"/>).</summary>
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

    /// <summary>The source of requests to stop or to take a snapshot.</summary>
    internal SolverActionSource Actions { get; init; } = new();

    /// <summary>The observers of progress.</summary>
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
    /// The number of snapshots of snapshot_prefix to keep, the newest included; older ones are removed once the new one
    /// is on the disk. Null for all.
    /// </summary>
    public int? KeepSnapshots { get; init; }

    /// <summary>Options for reading net files; null to log upgrades and to refuse unknown fields.</summary>
    public TextFormatOptions? TextFormat { get; init; }

    /// <summary>
    /// The maximum bytes of parameters or history that snapshots hold as binary files; of more they are HDF5.
    /// </summary>
    internal long MostBinaryBytes { get; init; } = ProtoFiles.MostBlobBytes;
}
