namespace Atl.Build;

/// <summary>The table of commands: help, dispatch and the check of a command's name are made from it.</summary>
internal static class BuildCommands
{
    private const int HelpColumn = 29;

    /// <summary>The commands, in the order of the help.</summary>
    public static readonly BuildCommand[] All =
    [
        new("test", "[FILTER | --rest]", """
            build everything and run all tests, those whose name holds FILTER, or those that did not pass when all were
            last run
            """, TestRun.Run),
        new("native", "build the native library (build/native)", () => NativeBuild.Build(NativeBuild.Folder)),
        new("cuda", "build the native library with its CUDA kernels; exit code 3 where nvcc is missing and cannot be "
            + "installed", NativeBuild.BuildCuda),
        new("demo", "", "make a face set, train on it and report what was learned",
            arguments => ProjectRun.WithNative("managed/Atl.Cli", ["demo", .. arguments])),
        new("bench", "[NAME] [--json FILE]", "measure speed and memory",
            arguments => ProjectRun.WithNative("tests/Atl.Benchmarks", arguments)),
        new("compare", "[OPTIONS]", "train the same net with each loss on the same faces (docs/method.md)",
            arguments => ProjectRun.WithNative("tests/Atl.Comparison", arguments)),
        new("fuzz", "[FORMAT] [OPTIONS]", "run the program on damaged inputs of a format, or of each; native: the C "
            + "ABI (docs/fuzzing.md)", arguments => arguments is ["native", .. var options]
            ? NativeFuzz.Run(options) : ProjectRun.WithNative("tests/Atl.Fuzz", arguments)),
        new("faults", "[OPTIONS]", "disturb the program: kills, full disks, failing calls, terminals that go "
            + "(docs/reliability.md)", arguments =>
            {
                NativeBuild.BuildFaults();
                return ProjectRun.Alone("tests/Atl.Faults", arguments);
            }),
        new("bindings", "[--check]", """
            write the C# side of the native library from its headers, or only compare; takes CppSharp from NuGet, or
            from --cppsharp FOLDER; exit code 3 where it is missing (docs/native-library.md)
            """, Bindings.Run),
        new("format", "[--check]", "format the C, C++ and CUDA sources with clang-format 14, or only compare; exit code "
            + "3 where it is missing", SourceFormat.Run),
        new("publish", "a self-contained atl for this kind of machine (artifacts/)",
            () => Console.WriteLine($"published to {Package.Publish()}")),
        new("archive", "the published atl as a tar.gz (artifacts/)",
            () => Console.WriteLine($"packed {Package.Archive()}")),
        new("deb", "the published atl as a package for Debian and Ubuntu, and a Dockerfile (artifacts/)",
            () => Console.WriteLine($"packed {DebianPackage.Build()}")),
        new("pack", "NuGet packages: the engine, its extensions, the tool atl (artifacts/packages; docs/packages.md)",
            () => Console.WriteLine($"packed {NuGetPackages.Pack()}")),
        new("check-packages", "[SUITE...]", """
            pack, and try the packages in a project outside the repository; as root also in bare systems of the given
            suites of Debian (bookworm, trixie; needs debootstrap)
            """, PackageCheck.Run),
        new("gpucheck", "what a machine with a GPU and without .NET needs to run tests/native/gpu_check.sh, as a tar.gz "
            + "(artifacts/)", () => Console.WriteLine($"packed {Package.GpuCheck()}")),
        new("help", "", "this text", _ =>
        {
            Console.WriteLine(Help);
            return 0;
        }),
    ];

    /// <summary>The text of <c>help</c>.</summary>
    public static string Help => $"""
        usage: dotnet run build.cs -- COMMAND

        {string.Join('\n', All.Select(Line))}

        What is missing on the machine (cmake, a C++ compiler, oneDNN, LMDB, LevelDB, GTK 3; for cuda nvcc and g++-11) is installed on Debian and Ubuntu,
        and named elsewhere; so is Chromium, in which test opens pages, on Debian.
        """;

    /// <summary>The command of a name, whatever its case.</summary>
    /// <exception cref="BuildException">There is none.</exception>
    public static BuildCommand Find(string name)
    {
        string word = name.ToLowerInvariant(), known = word is "-h" or "--help" ? "help" : word;
        return Array.Find(All, command => command.Name == known) ?? throw new BuildException(
            $"unknown command '{known}'; there are: {string.Join(", ", All.Select(command => command.Name))}");
    }

    private static string Line(BuildCommand command) =>
        $"  {command.Name} {command.Arguments}".PadRight(HelpColumn)
        + command.Help.ReplaceLineEndings("\n" + new string(' ', HelpColumn));
}
