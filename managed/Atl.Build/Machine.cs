using System.Runtime.InteropServices;

namespace Atl.Build;

/// <summary>The packages that the machine must have, and their installation.</summary>
internal static class Machine
{
    private sealed record Need(string What, string Package, Func<bool> IsThere);

    private static readonly Need[] Needs =
    [
        new("CMake 3.18 or newer", "cmake", () => Shell.Has("cmake")),
        new("make or ninja", "make", () => Shell.Has("make") || Shell.Has("ninja") || OperatingSystem.IsWindows()),
        new("a C++17 compiler", "g++", () => Shell.Has("g++") || Shell.Has("clang++") || Shell.Has("c++")
            || OperatingSystem.IsWindows()),
        new("oneDNN with its headers", "libdnnl-dev", HasOneDnn),
        new("LMDB 0.9", "liblmdb0", () => !OperatingSystem.IsLinux() || HasLibrary("liblmdb.so.0")),
        new("LevelDB", "libleveldb1d", () => !OperatingSystem.IsLinux() || HasLibrary("libleveldb.so.1d")
            || HasLibrary("libleveldb.so.1")),
        new("GTK 3 (for OpenCV's library)", "libgtk-3-0", () => !OperatingSystem.IsLinux()
            || HasLibrary("libgtk-3.so.0")),
        new("libdrm (for OpenCV's library)", "libdrm2", () => !OperatingSystem.IsLinux() || HasLibrary("libdrm.so.2")),
    ];

    private const string CudaPackage = "nvidia-cuda-toolkit";

    private static readonly Need[] CudaNeeds =
    [
        new("the CUDA compiler nvcc", CudaPackage, () => Shell.Has("nvcc") || File.Exists("/usr/local/cuda/bin/nvcc")),
        new("a host compiler that nvcc accepts", "g++-11", () => Shell.Has("g++-11")
            || File.Exists("/usr/local/cuda/bin/nvcc")),
    ];

    // Ubuntu's packages of these names only lead to a snap. Without a browser the tests that open pages are skipped,
    // and say so.
    private static readonly Need Browser = new("Chromium, in which tests open pages", "chromium", () =>
        new[] { "chromium", "chromium-browser", "google-chrome", "google-chrome-stable" }.Any(Shell.Has));

    private static readonly string[] Formatters = ["clang-format-14", "clang-format"];

    // Other versions format a few lines otherwise.
    private static readonly Need Formatter = new("clang-format 14", "clang-format-14",
        () => Formatters.Any(IsFormatter));

    /// <summary>Installs a browser where the machine is a Debian on which packages can be installed; as root it must be
    /// there then.</summary>
    public static void PrepareBrowser()
    {
        if (!IsDebian()) return;
        try
        {
            Install([Browser]);
        }
        catch (BuildException e) when (Environment.UserName != "root")
        {
            Console.WriteLine($"build: {e.Message}; the tests that open pages are skipped");
        }
    }

    /// <summary>Installs what is missing, or ends the build by naming it.</summary>
    public static void Prepare(bool cuda = false)
    {
        Install(Needs);
        if (cuda) InstallTool(CudaNeeds);
    }

    /// <summary>The program that formats native sources, installed if it is missing.</summary>
    public static string PrepareClangFormat()
    {
        InstallTool([Formatter]);
        return Formatters.First(IsFormatter);
    }

    private static void InstallTool(Need[] needs)
    {
        try
        {
            Install(needs);
        }
        catch (BuildException e)
        {
            throw new BuildException(e.Message, BuildException.MissingTool);
        }
    }

    private static void Install(Need[] needs)
    {
        Need[] missing = [.. needs.Where(need => !need.IsThere())];
        if (missing.Length == 0) return;
        if (!OperatingSystem.IsLinux() || !Shell.Has("apt-get")) throw new BuildException(Missing(missing) + Advice());
        string[] packages = [.. missing.Select(need => need.Package)];
        Console.WriteLine($"installing {string.Join(", ", packages)}");
        bool root = Environment.UserName == "root";
        if (!root && !Shell.Has("sudo"))
            throw new BuildException($"{Missing(missing)}; run as root: apt-get install {string.Join(' ', packages)}");
        Apt(root, "update");
        if (packages.Contains(CudaPackage)) OfferCudaPackage(root);
        Apt(root, ["install", "-y", "--no-install-recommends", .. packages]);
        missing = [.. missing.Where(need => !need.IsThere())];
        if (missing.Length > 0) throw new BuildException(Missing(missing) + ", although apt-get has installed it");
    }

    // Debian has the CUDA compiler in the component non-free (with parts in contrib), Ubuntu in multiverse; a machine
    // whose sources lack them gets them as a file of its own.
    private static void OfferCudaPackage(bool root)
    {
        if (Shell.Capture("apt-get", "-s", "install", "--no-install-recommends", CudaPackage).Code == 0) return;
        foreach ((string name, string text) in AptComponents.Sources())
        {
            string target = Path.Combine("/etc/apt/sources.list.d", name), temporary = Path.GetTempFileName();
            Console.WriteLine($"{CudaPackage} cannot be had from this machine's package sources: adding {target} "
                + $"(deleting it undoes this), with\n{text}");
            File.WriteAllText(temporary, text);
            AsRoot(root, "install", "-m", "644", temporary, target);
            File.Delete(temporary);
        }
        Apt(root, "update");
    }

    private static void Apt(bool root, params string[] arguments) =>
        AsRoot(root, ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", .. arguments]);

    private static void AsRoot(bool root, params string[] words)
    {
        // A console may be asked for sudo's password; a script without one must not wait for it.
        string[] line = root ? words : Console.IsInputRedirected ? ["sudo", "-n", .. words] : ["sudo", .. words];
        Shell.Run(line[0], line[1..]);
    }

    private static string Missing(Need[] needs) =>
        "missing: " + string.Join(", ", needs.Select(need => $"{need.What} (Debian's package {need.Package})"));

    private static string Advice() => OperatingSystem.IsMacOS() ? "; with Homebrew: brew install cmake onednn libomp"
        : OperatingSystem.IsWindows()
        ? "; install Visual Studio's C++ workload, CMake, and oneDNN (vcpkg install onednn)"
        : "; install the same with this system's package manager (Fedora: cmake make gcc-c++ onednn-devel lmdb-libs "
            + "leveldb gtk3)";

    // Debian itself, and not another system with its packages.
    private static bool IsDebian() => File.Exists("/etc/os-release") && Shell.Has("apt-get")
        && File.ReadLines("/etc/os-release").Contains("ID=debian");

    private static bool IsFormatter(string program) => Shell.Has(program)
        && Shell.Capture(program, "--version").Output.Contains("clang-format version 14.", StringComparison.Ordinal);

    private static bool HasOneDnn()
    {
        string[] roots = ["/usr", "/usr/local", "/opt/homebrew", Environment.GetEnvironmentVariable("DNNL_ROOT") ?? ""];
        return OperatingSystem.IsWindows()
            || roots.Any(root => root.Length > 0 && File.Exists(Path.Combine(root, "include", "dnnl.hpp")));
    }

    private static bool HasLibrary(string name)
    {
        if (!NativeLibrary.TryLoad(name, out nint handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
