using System.Reflection;
using System.Runtime.InteropServices;

/// <summary>
/// Runs in a child process before its program does, if DOTNET_STARTUP_HOOKS names this assembly: when the program ends,
/// it prints what the native environment says of OpenMP's spinning, and what was loaded.
/// </summary>
// .NET finds it by this name, outside any namespace.
public static partial class StartupHook
{
    /// <summary>The variable that turns the switch against changes of the environment on.</summary>
    public const string Leave = "ATL_TEST_LEAVE_ENVIRONMENT";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Leave) is not null) AppContext.SetSwitch("Atl.LeaveEnvironment", true);
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Console.Error.WriteLine(
            $"spin count: {Marshal.PtrToStringUTF8(GetEnvironment("GOMP_SPINCOUNT")) ?? "none"}, "
                + $"engine: {AppDomain.CurrentDomain.GetAssemblies().Any(IsEngine)}, "
                + $"native library: "
                + $"{File.ReadAllText("/proc/self/maps").Contains("libatl.so", StringComparison.Ordinal)}");
    }

    private static bool IsEngine(Assembly assembly) => assembly.GetName().Name == "Atl";

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnvironment(string name);
}
