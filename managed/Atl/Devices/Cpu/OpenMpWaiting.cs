using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atl.Devices.Cpu;

/// <summary>
/// How long OpenMP's threads spin when they wait for one another. GNU's runtime spins some milliseconds before it
/// sleeps, which gains next to nothing where the cores are free and costs up to ten times the step where another
/// program wants one of them: what a thread spins away, the one that it waits for is not given. So it is told to spin
/// as briefly as it does by itself where it has more threads than cores. Who sets one of the variables decides.
/// </summary>
internal static partial class OpenMpWaiting
{
    private const string SpinCount = "GOMP_SPINCOUNT", Brief = "1000";

    private static readonly string[] Deciding = [SpinCount, "OMP_WAIT_POLICY"];

    // The runtime reads its environment when it is loaded, and it is loaded with the native library; .NET's own view of
    // the environment does not reach it.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255",
    Justification = "Nothing else comes before the first call of the native library, whoever makes it.")]
    internal static void Shorten()
    {
        if (OperatingSystem.IsLinux() && Deciding.All(variable => Environment.GetEnvironmentVariable(variable) is null))
            _ = SetVariable(SpinCount, Brief, 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
