using System.Runtime.InteropServices;
using Atl.Solvers;

namespace Atl.Cli.Terminal;

/// <summary>Turns SIGINT and SIGHUP into requests to the solver, until disposal.</summary>
internal sealed class SignalActions : IDisposable
{
    private readonly PosixSignalRegistration _interrupt, _hangup;

    public SignalActions(SolverActionSource actions, SolverAction onInterrupt, SolverAction onHangup)
    {
        _interrupt = Register(PosixSignal.SIGINT, onInterrupt);
        _hangup = Register(PosixSignal.SIGHUP, onHangup);

        PosixSignalRegistration Register(PosixSignal signal, SolverAction action) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            actions.Request(action);
        });
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _hangup.Dispose();
    }
}
