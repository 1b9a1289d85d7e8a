using System.Runtime.InteropServices;
using Atl.Proto;

namespace Atl.Cli.Terminal;

/// <summary>
/// Takes the signals that ask a program to end (SIGHUP, SIGINT, SIGTERM), until disposal. A command may deal with them
/// itself; else what is half written is removed, and the signal ends the program as it ends any other.
/// </summary>
internal sealed partial class EndingSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    public EndingSignals() => _registrations =
    [
        .. ((PosixSignal[])[PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGTERM])
            .Select(signal => PosixSignalRegistration.Create(signal, Take)),
    ];

    /// <summary>Deals with a signal in place of ending; returns false to end after all. Null for none.</summary>
    public static Func<PosixSignal, bool>? Taker { get; set; }

    /// <summary>The system's number of one of the three signals.</summary>
    public static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        _ => 15,
    };

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private static void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        bool ignored = Taker is { } taker ? taker(context.Signal) : IgnoredSignals.WasIgnored(context.Signal);
        if (ignored) return;
        TemporaryPaths.RemoveAll();
        if (OperatingSystem.IsWindows())
            context.Cancel = false;
        else
            EndBy(context.Signal);
    }

    // .NET would leave a signal that was ignored at the program's start without effect.
    private static void EndBy(PosixSignal signal)
    {
        int number = NumberOf(signal);
        SetHandler(number, 0);
        Raise(Environment.ProcessId, number);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Raise(int process, int signal);
}
