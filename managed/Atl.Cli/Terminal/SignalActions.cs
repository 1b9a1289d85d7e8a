using System.Diagnostics;
using System.Runtime.InteropServices;
using Atl.Logging;
using Atl.Solvers;
using Microsoft.Extensions.Logging;

namespace Atl.Cli.Terminal;

/// <summary>
/// Turns SIGINT, SIGTERM and SIGHUP into requests to the solver, until disposal. A terminal that has gone counts as
/// SIGHUP, whether or not the signal reaches the program; one that nobody reads does not hold the solver.
/// </summary>
internal sealed class SignalActions : IDisposable
{
    // Wrappers and shells pass on what the terminal or a job's whole group has been sent already: that is one request.
    private static readonly TimeSpan Repeated = TimeSpan.FromSeconds(1);

    // A terminal's end shows in a write that fails and in a signal, one a little after the other.
    private static readonly TimeSpan OneHangup = TimeSpan.FromSeconds(10);

    // A log that nobody reads holds training for so many milliseconds, and then no more.
    private const int Patience = 10_000;

    private readonly Lock _gate = new();
    private readonly ILogger _log;
    private readonly SolverActionSource _actions;
    private readonly SolverAction _onInterrupt, _onHangup, _onTerminate;
    private long? _stopAsked;
    private (bool OfTerminal, long At)? _hangup;

    public SignalActions(
        SolverActionSource actions, SolverAction onInterrupt, SolverAction onHangup, SolverAction onTerminate,
        ILogger log)
    {
        _log = log;
        _actions = actions;
        (_onInterrupt, _onHangup, _onTerminate) = (onInterrupt, onHangup, onTerminate);
        EndingSignals.Taker = Take;
        StandardWriter.Error.HungUp += TakeTerminal;
        StandardWriter.Error.Patience = Patience;
    }

    public void Dispose()
    {
        StandardWriter.Error.Patience = StandardStream.Forever;
        StandardWriter.Error.HungUp -= TakeTerminal;
        EndingSignals.Taker = null;
    }

    private bool Take(PosixSignal signal)
    {
        switch (signal)
        {
            case PosixSignal.SIGINT:
                return TakeInterrupt();
            case PosixSignal.SIGTERM:
                Request("SIGTERM", _onTerminate, "");
                return true;
            default:
                TakeHangup("SIGHUP", ofTerminal: false);
                return true;
        }
    }

    // The second Ctrl-C of somebody who waits for the first one ends the program.
    private bool TakeInterrupt()
    {
        lock (_gate)
            if (_onInterrupt == SolverAction.Stop && _stopAsked is { } asked
                && Stopwatch.GetElapsedTime(asked) > Repeated)
                return false;
        Request("SIGINT", _onInterrupt, "; Ctrl-C again ends it at once, without a snapshot");
        return true;
    }

    private void TakeTerminal() => TakeHangup("the terminal has gone", ofTerminal: true);

    private void TakeHangup(string what, bool ofTerminal)
    {
        lock (_gate)
        {
            // A shell passes the signal on to its jobs, and the system sends it again when the shell ends.
            bool known = _hangup is { } last
                && Stopwatch.GetElapsedTime(last.At) < (last.OfTerminal == ofTerminal ? Repeated : OneHangup);
            _hangup = (ofTerminal, Stopwatch.GetTimestamp());
            if (known) return;
        }
        Request(what, _onHangup, "");
    }

    private void Request(string what, SolverAction action, string more)
    {
        // The request comes first: a terminal that stands still (Ctrl-S) holds the log for a while.
        _actions.Request(action);
        if (action == SolverAction.Stop)
            lock (_gate)
                _stopAsked ??= Stopwatch.GetTimestamp();
        string effect = action switch
        {
            SolverAction.Stop => $"training stops after this iteration{more}",
            SolverAction.Snapshot => "a snapshot follows this iteration, and training continues",
            _ => "training continues",
        };
        _log.Info("signal_actions.cpp", $"{what}: {effect}");
    }
}
