#!/usr/bin/env dotnet
// The one build program: dotnet run build.cs -- help
#:property PublishAot=false

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

return Build.Execute(args);

/// <summary>The commands of the build program.</summary>
internal static class Build
{
    /// <summary>The exit code of <c>cuda</c> where the machine has no CUDA compiler and none can be
    /// installed.</summary>
    public const int NoCudaCompiler = 3;

    /// <summary>The exit code of <c>bindings</c> where CppSharp cannot be had.</summary>
    public const int NoCppSharp = 3;

    private const string Usage = """
        usage: dotnet run build.cs -- COMMAND

          test [FILTER]              build everything and run all tests, or those whose name holds FILTER
          native                     build the native library (build/native)
          cuda                       build the native library with its CUDA kernels; exit code 3 where nvcc is missing and cannot be installed
          demo                       make a face set, train on it and report what was learned
          bench [NAME] [--json FILE] measure speed and memory
          compare [OPTIONS]          train the same net with each loss on the same faces (docs/method.md)
          fuzz [FORMAT] [OPTIONS]    run the program on damaged inputs of a format, or of each; native: the C ABI (docs/fuzzing.md)
          faults [OPTIONS]           disturb the program: kills, full disks, failing calls, terminals that go (docs/reliability.md)
          bindings [--check]         write the C# side of the native library from its headers, or only compare; takes CppSharp from NuGet, or
                                     from --cppsharp FOLDER; exit code 3 where it is missing (docs/native-library.md)
          publish                    a self-contained atl for this kind of machine (artifacts/)
          pack                       the published atl and the native headers and library as a tar.gz (artifacts/)
          gpucheck                   what a machine with a GPU and without .NET needs to run tests/native/gpu_check.sh, as a tar.gz (artifacts/)
          help                       this text

        What is missing on the machine (cmake, a C++ compiler, oneDNN, LMDB, LevelDB, GTK 3; for cuda nvcc and g++-11) is installed on Debian and Ubuntu,
        and named elsewhere; so is Chromium, in which test opens pages, on Debian.
        """;

    private static readonly string[] Commands =
        ["test", "native", "cuda", "demo", "bench", "compare", "fuzz", "faults", "bindings", "publish", "pack",
        "gpucheck", "help"];

    public static int Execute(string[] args)
    {
        Environment.CurrentDirectory = Root();
        string command = args.Length > 0 ? args[0].ToLowerInvariant() : "";
        string[] rest = args.Length > 0 ? args[1..] : [];
        try
        {
            switch (command)
            {
                case "test":
                    return Tests.Run(Single(command, rest));
                case "native":
                    None(command, rest);
                    Native.Build(Native.Folder);
                    return 0;
                case "cuda":
                    None(command, rest);
                    Native.BuildCuda();
                    return 0;
                case "publish":
                    None(command, rest);
                    Console.WriteLine($"published to {Package.Publish()}");
                    return 0;
                case "pack":
                    None(command, rest);
                    Console.WriteLine($"packed {Package.Pack()}");
                    return 0;
                case "gpucheck":
                    None(command, rest);
                    Console.WriteLine($"packed {Package.GpuCheck()}");
                    return 0;
                case "bench":
                    return Program("tests/Atl.Benchmarks", rest);
                case "compare":
                    return Program("tests/Atl.Comparison", rest);
                case "fuzz":
                    return rest is ["native", ..] ? Native.Fuzz(rest[1..]) : Program("tests/Atl.Fuzz", rest);
                case "faults":
                    Native.BuildFaults();
                    return Project("tests/Atl.Faults", rest);
                case "bindings":
                    return Bindings.Run(rest);
                case "demo":
                    return Program("managed/Atl.Cli", ["demo", .. rest]);
                case "help" or "--help" or "-h":
                    Console.WriteLine(Usage);
                    return 0;
                case "":
                    Console.Error.WriteLine(Usage);
                    return 1;
                default:
                    throw new BuildException($"unknown command '{command}'; there are: {string.Join(", ", Commands)}");
            }
        }
        catch (BuildException e)
        {
            Console.Error.WriteLine($"build: {e.Message}");
            return e.ExitCode;
        }
    }

    private static int Program(string project, string[] arguments)
    {
        Native.Build(Native.Folder);
        return Project(project, arguments);
    }

    private static int Project(string project, string[] arguments) =>
        Shell.Start("dotnet", ["run", "--project", project, "-c", "Release", "--", .. arguments], null);

    private static string? Single(string command, string[] rest) => rest.Length switch
    {
        0 => null,
        1 when !rest[0].StartsWith('-') => rest[0],
        1 => throw new BuildException($"{command} has no option '{rest[0]}'"),
        _ => throw new BuildException($"{command} takes one filter, found {rest.Length}: {string.Join(" ", rest)}"),
    };

    private static void None(string command, string[] rest)
    {
        if (rest.Length > 0) throw new BuildException($"{command} takes no arguments, found: {string.Join(" ", rest)}");
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetDirectoryName(Path.GetFullPath(file))!;
}

/// <summary>A step that failed; the message is all that the user is shown.</summary>
internal sealed class BuildException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>The program's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>Runs programs.</summary>
internal static class Shell
{
    /// <summary>Runs a program on this console; its failure ends the build.</summary>
    public static void Run(string program, params string[] arguments)
    {
        int code = Start(program, arguments, null);
        if (code != 0) throw new BuildException($"'{Line(program, arguments)}' failed with exit code {code}");
    }

    /// <summary>Runs a program whose output goes, line by line, to a receiver, or to this console where there is none;
    /// gives the exit code.</summary>
    public static int Start(string program, IReadOnlyList<string> arguments, Action<string>? receive)
    {
        ProcessStartInfo start = new(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = receive is not null,
            RedirectStandardError = receive is not null
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using Process process = Process.Start(start)!;
            if (receive is not null)
            {
                Lock gate = new();
                DataReceivedEventHandler forward = (_, line) =>
                {
                    if (line.Data is null) return;
                    lock (gate) receive(line.Data);
                };
                process.OutputDataReceived += forward;
                process.ErrorDataReceived += forward;
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
            }
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BuildException($"'{program}' cannot be started: {e.Message}");
        }
    }

    /// <summary>A program's output and exit code.</summary>
    public static (int Code, string Output) Capture(string program, params string[] arguments)
    {
        List<string> lines = [];
        int code = Start(program, arguments, lines.Add);
        return (code, string.Join('\n', lines));
    }

    /// <summary>Whether a program can be found.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program))
                || File.Exists(Path.Combine(folder, program + ".exe")));

    private static string Line(string program, IReadOnlyList<string> arguments) =>
        string.Join(' ', [program, .. arguments]);
}

/// <summary>What the machine must have, and how it gets it.</summary>
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

    /// <summary>Installs a browser where the machine is a Debian on which packages can be installed; as root it must be
    /// there then.</summary>
    public static void PrepareBrowser()
    {
        if (!AptComponents.IsDebian) return;
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
        if (!cuda) return;
        try
        {
            Install(CudaNeeds);
        }
        catch (BuildException e)
        {
            throw new BuildException(e.Message, Build.NoCudaCompiler);
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

/// <summary>The components of a Debian or Ubuntu archive that have the CUDA compiler, from the mirrors that the machine
/// uses already.</summary>
internal static class AptComponents
{
    private const string Folder = "/etc/apt";
    private const string Release = "/etc/os-release";

    /// <summary>Whether this is Debian itself, and not another system with its packages.</summary>
    public static bool IsDebian => File.Exists(Release) && Shell.Has("apt-get")
        && OsRelease().GetValueOrDefault("ID") == "debian";

    /// <summary>Files for sources.list.d: name and text, in the formats in which the machine names the system's
    /// archive.</summary>
    /// <exception cref="BuildException">No source of the system's archive was found.</exception>
    public static IReadOnlyList<(string Name, string Text)> Sources()
    {
        Dictionary<string, string> system = OsRelease();
        string components = system.GetValueOrDefault("ID") == "ubuntu" ? "multiverse" : "contrib non-free";
        string release = system.GetValueOrDefault("VERSION_CODENAME")
            ?? throw new BuildException($"{Release} does not say which release this is");
        string[] suites = [release, $"{release}-updates", $"{release}-security", "stable", "stable-updates",
            "stable-security"];
        string[] lists = [.. Files("*.list").SelectMany(File.ReadLines)
            .Select(line => OneLine(line, suites, components)).OfType<string>()];
        string[] stanzas = [.. Files("*.sources").SelectMany(Stanzas)
            .Select(stanza => Deb822(stanza, suites, components)).OfType<string>()];
        List<(string, string)> files = [];
        if (lists.Length > 0) files.Add(("atl-cuda.list", string.Join('\n', lists) + "\n"));
        if (stanzas.Length > 0) files.Add(("atl-cuda.sources", string.Join("\n\n", stanzas) + "\n"));
        return files.Count > 0 ? files
            : throw new BuildException($"no package source of {release} was found in {Folder} to add its "
                + $"{components} to");
    }

    private static Dictionary<string, string> OsRelease() =>
        File.ReadLines(Release).Select(line => line.Split('=', 2)).Where(words => words.Length == 2)
        .ToDictionary(words => words[0], words => words[1].Trim('"'), StringComparer.Ordinal);

    // deb [options] URI SUITE COMPONENT...
    private static string? OneLine(string line, string[] suites, string components)
    {
        Match match = Regex.Match(line,
            @"^\s*(?<start>deb\s+(\[[^]]*\]\s+)?\S+\s+(?<suite>\S+))\s+(?<components>[^#]+)");
        return match.Success && suites.Contains(match.Groups["suite"].Value) && Words(match.Groups["components"].Value)
            .Contains("main")
            ? $"{match.Groups["start"].Value} {components}"
            : null;
    }

    // "Field: value" lines; a line that begins with a blank goes on with the field before it.
    private static string? Deb822(List<string> stanza, string[] suites, string components)
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        string last = "";
        foreach (string line in stanza)
        {
            if (line[0] is ' ' or '\t') fields[last] += "\n" + line;
            else if (line.Split(':', 2) is [string name, string value]) fields[last = name] = value.Trim();
        }
        string[] wanted = [.. Words(fields.GetValueOrDefault("Suites", "")).Intersect(suites)];
        if (wanted.Length == 0 || !Words(fields.GetValueOrDefault("Types", "")).Contains("deb")
            || !Words(fields.GetValueOrDefault("Components", "")).Contains("main")
            || fields.GetValueOrDefault("Enabled", "yes").Equals("no", StringComparison.OrdinalIgnoreCase))
            return null;
        fields["Types"] = "deb";
        fields["Suites"] = string.Join(' ', wanted);
        fields["Components"] = components;
        return string.Join('\n', fields.Select(field => $"{field.Key}: {field.Value}"));
    }

    private static IEnumerable<List<string>> Stanzas(string file)
    {
        List<string> stanza = [];
        foreach (string line in File.ReadLines(file).Append(""))
        {
            if (line.StartsWith('#')) continue;
            if (line.Trim().Length > 0) stanza.Add(line);
            else if (stanza.Count > 0)
            {
                yield return stanza;
                stanza = [];
            }
        }
    }

    private static IEnumerable<string> Files(string pattern)
    {
        string single = Path.Combine(Folder, "sources.list"), folder = Path.Combine(Folder, "sources.list.d");
        IEnumerable<string> files = Directory.Exists(folder)
            ? Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal) : [];
        return pattern == "*.list" && File.Exists(single) ? files.Prepend(single) : files;
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The native library, built by CMake.</summary>
internal static class Native
{
    public const string Folder = "build/native";

    /// <summary>How many processes compile and test side by side.</summary>
    public static string Cores => Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the native library has tests of its own here.</summary>
    public static bool HasTests => File.Exists("tests/native/CMakeLists.txt");

    /// <summary>Configures and builds into a folder.</summary>
    public static void Build(string folder, params string[] options)
    {
        Machine.Prepare();
        Make(folder, options);
    }

    public static void BuildCuda()
    {
        Machine.Prepare(cuda: true);
        Make(Folder, "-DATL_CUDA=ON");
    }

    /// <summary>Builds for other machines with a GPU; the kernels' tests and bench too.</summary>
    public static void BuildGpuCheck(string folder, params string[] options)
    {
        Machine.Prepare(cuda: true);
        Make(folder, ["-DATL_CUDA=ON", "-DATL_TESTS=ON", .. options]);
        Shell.Run("cmake", "--build", folder, "--config", "Release", "--target", "margin_kernels_bench");
    }

    /// <summary>Builds the library that makes calls of the system fail.</summary>
    public static void BuildFaults()
    {
        Machine.Prepare();
        Shell.Run("cmake", "-S", ".", "-B", Folder, "-DCMAKE_BUILD_TYPE=Release", "-DATL_TESTS=ON");
        Shell.Run("cmake", "--build", Folder, "--config", "Release", "--parallel", Cores, "--target", "atl",
            "atl_faults");
    }

    // The lines of libFuzzer and the sanitizers that say what is wrong and with which input.
    private static readonly string[] Telling = ["runtime error:", "ERROR: ", "SUMMARY: ", "Base64: "];

    /// <summary>Runs the programs that try the C ABI with libFuzzer; skips them where there is no Clang.</summary>
    public static int Fuzz(string[] options)
    {
        const string FuzzFolder = "build/fuzz-native", Programs = FuzzFolder + "/tests/native/fuzz";
        if (options is not ([] or ["--seconds", _])
            || !int.TryParse(options is [_, var given] ? given : "10", out int seconds) || seconds < 1)
            throw new BuildException("fuzz native takes --seconds N");
        if (!Shell.Has("clang++"))
        {
            Console.WriteLine("skipped: libFuzzer needs Clang (Debian's packages clang, libclang-rt-14-dev and "
                + "libomp-14-dev)\n"
                + "0 passed, 0 failed, 1 skipped");
            return 0;
        }
        Machine.Prepare();
        Shell.Run("cmake", "-S", ".", "-B", FuzzFolder, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_COMPILER=clang++",
            "-DATL_FUZZ=ON", "-DATL_CUDA=OFF");
        Shell.Run("cmake", "--build", FuzzFolder, "--parallel", Cores, "--target", "atl_fuzz");
        string[] programs = Directory.GetFiles(Programs, "*_fuzz");
        // Inputs of full length from the first on: in short runs libFuzzer would not reach any with labels and values.
        string[] flags = ["-len_control=0", "-max_len=512", $"-max_total_time={seconds}", "-seed=1", "-verbosity=0"];
        // What failed is said once more at the end, where a log that is cut off still has it.
        List<string> failures = [];
        foreach (string program in programs.Order(StringComparer.Ordinal))
        {
            List<string> said = [];
            int code = Shell.Start(program, [.. flags, $"-artifact_prefix={program}-", .. Corpus(program)], line =>
            {
                Console.WriteLine(line);
                if (Telling.Any(line.Contains)) said.Add(line);
            });
            if (code != 0) failures.AddRange([$"failed: {Path.GetFileName(program)}, exit code {code}", .. said]);
        }
        failures.ForEach(Console.WriteLine);
        int failed = failures.Count(line => line.StartsWith("failed: ", StringComparison.Ordinal));
        Console.WriteLine($"{programs.Length - failed} passed, {failed} failed, 0 skipped");
        return failed == 0 ? 0 : 1;
    }

    // Inputs that once did harm, which libFuzzer runs first.
    private static string[] Corpus(string program)
    {
        string folder = $"tests/native/fuzz/corpus/{Path.GetFileName(program)}";
        return Directory.Exists(folder) ? [$"-seed_inputs={string.Join(',', Directory.GetFiles(folder))}"] : [];
    }

    private static void Make(string folder, params string[] options)
    {
        Shell.Run("cmake", ["-S", ".", "-B", folder, "-DCMAKE_BUILD_TYPE=Release", .. options]);
        Shell.Run("cmake", "--build", folder, "--config", "Release", "--parallel", Cores);
    }
}

/// <summary>All tests: the NUnit projects under tests/ and the native ones.</summary>
internal static class Tests
{
    // Keeps a command line of test names well below the system's limit.
    private const int NamesAtOnce = 2000;

    private static readonly SortedDictionary<string, List<string>> Skipped = new(StringComparer.Ordinal);
    private static int _passed, _failed, _skipped;

    public static int Run(string? filter)
    {
        Native.Build(Native.Folder, Native.HasTests ? "-DATL_TESTS=ON" : "-DATL_TESTS=OFF");
        Machine.PrepareBrowser();
        // Compiler processes left behind would keep the output of whoever called us open.
        Shell.Run("dotnet", "build", "Atl.slnx", "-c", "Release", "-v", "quiet", "-nologo", "-nodeReuse:false",
            "-tl:off");
        foreach (string project in Directory.GetFiles("tests", "*.Tests.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
            RunProject(project, filter);
        if (Native.HasTests) RunNative(filter);

        foreach ((string reason, List<string> names) in Skipped)
            Console.WriteLine($"skipped {names.Count}: "
                + $"{reason}\n    "
                + $"{string.Join("\n    ", names.Take(12))}{(names.Count > 12 ? $"\n    and {names.Count - 12} more" : "")}");
        if (_passed + _failed + _skipped == 0)
            Console.Error.WriteLine(filter is null ? "build: no test was found"
                : $"build: no test's name holds '{filter}'");
        Console.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped");
        return _failed == 0 && _passed > 0 ? 0 : 1;
    }

    private static void RunProject(string project, string? filter)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        string program = Path.Combine(Path.GetDirectoryName(project)!, "bin", "Release", "net10.0", name + ".dll");
        if (filter is null)
        {
            RunProgram(name, program, []);
            return;
        }
        string[] wanted = [.. Names(program).Where(test => test.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        foreach (string[] part in wanted.Chunk(NamesAtOnce)) RunProgram(name, program, ["--filter-uid", .. part]);
    }

    private static List<string> Names(string program)
    {
        (int code, string output) = Shell.Capture("dotnet", program, "--list-tests", "json", "--no-ansi", "--progress",
            "off");
        int start = output.IndexOf('{', StringComparison.Ordinal);
        // A program without tests answers with exit code 8.
        if (start < 0 && code == 8) return [];
        if (start < 0) throw new BuildException($"{program} cannot list its tests (exit code {code}):\n{output}");
        using JsonDocument document = JsonDocument.Parse(output[start..]);
        return [.. document.RootElement.GetProperty("tests").EnumerateArray()
            .Select(test => test.GetProperty("uid").GetString()!)];
    }

    private static void RunProgram(string name, string program, string[] options)
    {
        Stopwatch clock = Stopwatch.StartNew();
        TestOutput output = new();
        int code = Shell.Start("dotnet", [program, "--no-ansi", "--progress", "off", "--show-test-results",
            "failed,skipped", .. options], output.Receive);
        output.Finish(Skipped);
        // Exit codes: 0 all well, 2 some failed, 8 there was nothing to run; anything else is a broken run, which must
        // not pass for a good one.
        bool broken = code is not (0 or 2 or 8) || (code == 2 && output.Failed == 0);
        if (broken) Console.WriteLine($"{output.Other}\n{name} broke off with exit code {code}");
        int failed = output.Failed + (broken ? 1 : 0);
        Report(name, output.Passed, failed, output.Skipped, clock);
    }

    private static void RunNative(string? filter)
    {
        Stopwatch clock = Stopwatch.StartNew();
        int passed = 0, failed = 0, skipped = 0;
        List<string> lines = [];
        string[] options = ["--parallel", Native.Cores, .. filter is null ? Array.Empty<string>()
            : ["-R", Regex.Escape(filter)]];
        int code = Shell.Start("ctest", ["--test-dir", Native.Folder, "--output-on-failure", "--build-config",
            "Release", .. options], line =>
        {
            lines.Add(line);
            if (line.Contains("   Passed ", StringComparison.Ordinal)) passed++;
            else if (line.Contains("***Skipped", StringComparison.Ordinal)) skipped++;
            else if (line.Contains(" sec", StringComparison.Ordinal) && line.Contains("***", StringComparison.Ordinal))
                failed++;
        });
        if (code != 0 && failed == 0) failed = 1;
        if (failed > 0) Console.WriteLine(string.Join('\n', lines));
        if (skipped > 0)
            Skipped["native tests that this machine cannot run (no GPU)"] =
                [.. lines.Where(line => line.Contains("***Skipped", StringComparison.Ordinal))
                .Select(line => line.Trim())];
        Report("native", passed, failed, skipped, clock);
    }

    private static void Report(string name, int passed, int failed, int skipped, Stopwatch clock)
    {
        _passed += passed;
        _failed += failed;
        _skipped += skipped;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {passed} passed, {failed} failed, {skipped} skipped in {clock.Elapsed.TotalSeconds:F1} s"));
    }
}

/// <summary>Reads what a test program prints: failures go on to the console, skipped tests are gathered by reason, the
/// counts are kept.</summary>
internal sealed class TestOutput
{
    private const int OtherLines = 200;

    private readonly List<(string Name, string? Reason)> _skips = [];
    private readonly Queue<string> _other = [];
    private Section _section = Section.Other;

    private enum Section
    {
        Other,
        Failure,
        Skip,
        Summary,
    }

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>The last lines that tell nothing about a single test: what a program that dies has to say.</summary>
    public string Other => string.Join('\n', _other);

    public void Receive(string line)
    {
        _section = line switch
        {
            _ when line.StartsWith("Test run summary:", StringComparison.Ordinal) => Section.Summary,
            _ when line.StartsWith("failed ", StringComparison.Ordinal) => Section.Failure,
            _ when line.StartsWith("skipped ", StringComparison.Ordinal) => Section.Skip,
            [not ' ', ..] => Section.Other,
            _ => _section,
        };
        switch (_section)
        {
            case Section.Failure when line.Trim().Length > 0:
                Console.WriteLine(line);
                break;
            case Section.Skip when line[..Math.Min(1, line.Length)] == "s":
                _skips.Add((line["skipped ".Length..line.LastIndexOf(" (", StringComparison.Ordinal)], null));
                break;
            case Section.Skip when _skips[^1].Reason is null:
                _skips[^1] = (_skips[^1].Name, line.Trim());
                break;
            case Section.Summary:
                Passed += Count(line, "succeeded:");
                Failed += Count(line, "failed:");
                Skipped += Count(line, "skipped:");
                break;
            case Section.Other:
                _other.Enqueue(line);
                if (_other.Count > OtherLines) _other.Dequeue();
                break;
        }
    }

    public void Finish(SortedDictionary<string, List<string>> skipped)
    {
        foreach ((string name, string? reason) in _skips)
        {
            string why = string.IsNullOrEmpty(reason) ? "no reason given" : reason;
            if (!skipped.TryGetValue(why, out List<string>? names)) skipped[why] = names = [];
            names.Add(name);
        }
    }

    private static int Count(string line, string label)
    {
        string text = line.Trim();
        return text.StartsWith(label, StringComparison.Ordinal)
            && int.TryParse(text[label.Length..], CultureInfo.InvariantCulture, out int count) ? count : 0;
    }
}

/// <summary>The C# side of the native library, which managed/Atl.Bindgen writes.</summary>
internal static class Bindings
{
    private const string Project = "managed/Atl.Bindgen";

    // The messages of NuGet for a package or a version of it that no source has, and for a source that does not answer.
    private static readonly string[] NoPackage = ["NU1101", "NU1102", "NU1301"];

    /// <summary>Writes or compares the binding; gives the exit code.</summary>
    public static int Run(string[] options)
    {
        bool check = false;
        List<string> properties = ["-p:WithCppSharp=true"];
        for (int i = 0; i < options.Length; i++)
        {
            if (options[i] == "--check") check = true;
            else if (options[i] == "--cppsharp" && i + 1 < options.Length)
                properties.Add($"-p:CppSharpFolder={Folder(options[++i])}");
            else throw new BuildException($"bindings takes --check and --cppsharp FOLDER, found '{options[i]}'");
        }
        (int code, string output) = Shell.Capture(
            "dotnet", ["build", Project, "-c", "Release", "-v", "quiet", "-nologo", "-tl:off", .. properties]);
        if (code != 0 && NoPackage.Any(output.Contains))
            throw new BuildException("bindings needs CppSharp, and no NuGet source of this machine has the package; "
                + "add one that has it "
                + "(dotnet nuget add source), or pass --cppsharp FOLDER with a build of it", Build.NoCppSharp);
        if (code != 0) throw new BuildException($"{Project} does not compile:\n{output}");
        string program = Path.Combine(Project, "bin", "Release", "net10.0", "Atl.Bindgen.dll");
        return Shell.Start("dotnet", check ? [program, "--check"] : [program], null);
    }

    private static string Folder(string given) => File.Exists(Path.Combine(given, "CppSharp.Parser.dll"))
        ? Path.GetFullPath(given)
        : throw new BuildException($"{given} has no CppSharp.Parser.dll; expected a folder with CppSharp's "
            + "assemblies and native libraries");
}

/// <summary>What is carried to other machines.</summary>
internal static class Package
{
    private const string PortableNative = "build/portable", GpuCheckNative = "build/gpu-check";
    private static readonly string[] PortableOptions =
        ["-DATL_NATIVE_ARCH=OFF", "-DATL_VERSIONED_NAME=OFF", "-DCMAKE_BUILD_RPATH=$ORIGIN"];
    private static readonly string[] Databases = ["liblmdb.so.0", "libleveldb.so.1d", "libsnappy.so.1"];

    private static readonly string Runtime = RuntimeInformation.RuntimeIdentifier.Split('-')[^1] is var processor
        && OperatingSystem.IsWindows() ? $"win-{processor}" : OperatingSystem.IsMacOS() ? $"osx-{processor}"
        : $"linux-{processor}";

    /// <summary>Publishes atl with its own .NET, a native library for any x86-64 with AVX2, and the libraries that this
    /// one needs.</summary>
    public static string Publish()
    {
        string folder = $"artifacts/atl-{Runtime}";
        Native.Build(PortableNative, PortableOptions);
        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        PublishProject("managed/Atl.Cli/Atl.Cli.csproj", PortableNative, folder, "-p:PublishReadyToRun=true");
        CopyDependencies(folder);
        if (OperatingSystem.IsLinux())
            foreach (string library in Databases) File.Copy(LoadedFrom(library), Path.Combine(folder, library), true);
        return folder;
    }

    /// <summary>Publishes and packs, with the native headers.</summary>
    public static string Pack()
    {
        string folder = Publish();
        string include = Path.Combine(folder, "include", "atl");
        Directory.CreateDirectory(include);
        foreach (string header in Directory.GetFiles("native/include/atl", "*.h"))
            File.Copy(header, Path.Combine(include, Path.GetFileName(header)), true);
        File.Copy("LICENSE", Path.Combine(folder, "LICENSE"), true);
        return Archive(folder);
    }

    /// <summary>Packs the kernels' tests and bench, the published tests of Atl, Atl itself with a net to time, and the
    /// script that runs them.</summary>
    public static string GpuCheck()
    {
        string folder = "artifacts/gpu-check", programs = Path.Combine(folder, "atl");
        Native.BuildGpuCheck(GpuCheckNative, PortableOptions);
        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        // In one folder, so that .NET and oneDNN, which are most of it, are packed once.
        foreach (string project in new[] { "tests/Atl.Tests/Atl.Tests.csproj", "managed/Atl.Cli/Atl.Cli.csproj" })
            PublishProject(project, GpuCheckNative, programs);
        CopyDependencies(programs);
        // Half of the rest, and nothing that runs on a GPU here reads or draws pictures.
        foreach (string library in new[] { "libOpenCvSharpExtern.so", "libSkiaSharp.so", "libHarfBuzzSharp.so" })
            File.Delete(Path.Combine(programs, library));
        File.Copy("tests/Atl.Benchmarks/Nets/resface28.prototxt", Path.Combine(folder, "resface28.prototxt"));
        string native = Path.Combine(GpuCheckNative, "tests", "native");
        foreach (string built in Directory.GetFiles(native, "*_gpu_test")
            .Append(Path.Combine(native, "margin_kernels_bench")))
            File.Copy(built, Path.Combine(folder, Path.GetFileName(built)));
        foreach (string script in new[] { "gpu_check.sh", "margin_kernels_torch.py" })
            File.Copy(Path.Combine("tests", "native", script), Path.Combine(folder, script));
        return Archive(folder);
    }

    private static string Archive(string folder)
    {
        string file = folder + ".tar.gz";
        if (File.Exists(file)) File.Delete(file);
        Shell.Run("cmake", "-E", "chdir", "artifacts", "cmake", "-E", "tar", "czf", Path.GetFileName(file),
            Path.GetFileName(folder));
        return file;
    }

    // Outputs of its own, so that the build of `test` is not disturbed.
    private static void PublishProject(string project, string native, string folder, params string[] options) =>
        Shell.Run("dotnet", ["publish", project, "-c", "Release", "-r", Runtime, "--self-contained", "-v", "quiet",
            "-nologo", "-nodeReuse:false", "-tl:off",
            .. options, $"-p:AtlNativeDir={Path.GetFullPath(native)}/", "--artifacts-path", "build/publish", "-o",
            folder]);

    private static void CopyDependencies(string folder)
    {
        foreach (string library in Dependencies(Path.Combine(folder, "libatl.so")))
            File.Copy(library, Path.Combine(folder, Path.GetFileName(library)), true);
    }

    // The program loads the system's LMDB and LevelDB by name, so no other library's dependencies tell where it is; the
    // process that has loaded it can.
    private static string LoadedFrom(string name)
    {
        nint handle = NativeLibrary.Load(name);
        // The name is a link, and the file that it leads to may have another version in its name: libleveldb.so.1d is
        // libleveldb.so.1.23.0.
        string stem = name[..(name.IndexOf(".so", StringComparison.Ordinal) + ".so".Length)];
        string? path = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1])
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith(stem, StringComparison.Ordinal));
        NativeLibrary.Free(handle);
        return path ?? throw new BuildException($"{name} is loaded from an unknown place");
    }

    // oneDNN and the OpenMP runtime differ in name between systems, so they travel along.
    private static IEnumerable<string> Dependencies(string library)
    {
        if (!OperatingSystem.IsLinux()) yield break;
        (int code, string output) = Shell.Capture("ldd", library);
        if (code != 0) throw new BuildException($"ldd {library} failed:\n{output}");
        foreach (string line in output.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words is [var name, "=>", var path, ..]
                && (name.StartsWith("libdnnl", StringComparison.Ordinal)
                    || name.StartsWith("libgomp", StringComparison.Ordinal)))
                yield return path;
        }
    }
}
