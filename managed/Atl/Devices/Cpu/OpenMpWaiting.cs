using System.Runtime.InteropServices;

namespace Atl.Devices.Cpu;

/// <summary>
/// The time that OpenMP's threads spin while they wait for one another. GNU's runtime spins for some milliseconds
/// before it sleeps. That gains next to nothing where the cores are free. It costs up to ten times the step where
/// another program wants one of them, because the spinning thread takes time from the thread that it waits for. So Atl
/// tells the runtime to spin as briefly as it does by itself with more threads than cores. Set one of the variables, or
/// the switch <see cref="Switch"/>, to decide yourself.
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
