using System.Runtime.InteropServices;

namespace Atl.Devices.Cpu;

/// <summary>
/// How long OpenMP's threads spin when they wait for one another. GNU's runtime spins some milliseconds before it
/// sleeps, which gains next to nothing where the cores are free and costs up to ten times the step where another
/// program wants one of them: what a thread spins away, the one that it waits for is not given. So it is told to spin
/// as briefly as it does by itself where it has more threads than cores. Who sets one of the variables, or the switch
/// <see cref="Switch"/>, decides.
/// </summary>
internal static partial class OpenMpWaiting
{
    /// <summary>The switch of <see cref="AppContext"/> that leaves the process's environment as it is.</summary>
    internal const string Switch = "Atl.LeaveEnvironment";

    private const string SpinCount = "GOMP_SPINCOUNT", Brief = "1000";

    private static readonly string[] Deciding = [SpinCount, "OMP_WAIT_POLICY"];

    /// <summary>
    /// Sets the variable, before the native library is loaded: the runtime comes with it and reads the environment
    /// once.
    /// </summary>
    internal static void Shorten()
    {
        if (!OperatingSystem.IsLinux() || (AppContext.TryGetSwitch(Switch, out bool leave) && leave)) return;
        // .NET's own view of the environment does not reach the runtime.
        if (Deciding.All(variable => Environment.GetEnvironmentVariable(variable) is null))
            _ = SetVariable(SpinCount, Brief, 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
