using System.Diagnostics;
using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Solvers;

/// <summary>
/// Says that snapshots fail while training goes on: every new reason, and one that stays the same at most once a
/// minute.
/// </summary>
internal sealed class SnapshotFailures(ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private string? _reason;
    private long _said;
    private int _unsaid, _all;

    /// <summary>A reason as messages give it.</summary>
    public static string ReasonOf(Exception error) =>
        (error is AtlException ? error.Message
        : $"{error.GetType().Name}: {error.Message} (an error of the program)").ReplaceLineEndings(" ");

    /// <summary>Takes note of a failure.</summary>
    public void Add(int iteration, Exception error)
    {
        string reason = ReasonOf(error), kind = WithoutNumber(reason, iteration);
        _all++;
        if (kind == _reason && Stopwatch.GetElapsedTime(_said) < Pause)
        {
            _unsaid++;
            return;
        }
        string before = _unsaid > 0 ? $" (and {_unsaid} before it)" : "";
        logger.Error("snapshot_failures.cpp",
            $"the snapshot of iteration {iteration}{before} failed, training continues without it: {reason}");
        (_reason, _said, _unsaid) = (kind, Stopwatch.GetTimestamp(), 0);
    }

    /// <summary>Takes note of a snapshot that was written.</summary>
    public void Clear(int iteration)
    {
        if (_all > 0)
            logger.Info("snapshot_failures.cpp",
                $"the snapshot of iteration {iteration} is written, after {_all} that failed");
        (_reason, _unsaid, _all) = (null, 0, 0);
    }

    // The file's name differs from snapshot to snapshot.
    private static string WithoutNumber(string reason, int iteration) =>
        reason.Replace($"_iter_{iteration}.", "_iter_N.", StringComparison.Ordinal);
}
