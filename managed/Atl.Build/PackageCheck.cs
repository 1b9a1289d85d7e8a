using System.Globalization;
using System.IO.Compression;

namespace Atl.Build;

/// <summary>Whether the packages work: in a project outside the repository, and in bare systems.</summary>
internal static class PackageCheck
{
    private const double Tolerance = 1e-4;

    private static readonly List<string> Failures = [];
    private static int _passed;

    /// <summary>Packs, and checks the packages here and in a bare root of each of the given suites of Debian; gives the
    /// exit code.</summary>
    public static int Run(string[] suites)
    {
        if (suites.FirstOrDefault(suite => !suite.All(char.IsAsciiLetter)) is { } wrong)
            throw new BuildException($"check-packages takes suites of Debian, such as bookworm, found '{wrong}'");
        string feed = NuGetPackages.Pack();
        string folder = Directory.CreateTempSubdirectory("atl-packages-").FullName;
        try
        {
            Check(feed, folder, suites);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
        Failures.ForEach(Console.WriteLine);
        Console.WriteLine($"{_passed} passed, {Failures.Count} failed, 0 skipped");
        return Failures.Count == 0 ? 0 : 1;
    }

    private static void Check(string feed, string folder, string[] suites)
    {
        string version = Version(feed);
        Try("each library asks for what every system has, or what the package carries", () => CheckLibraries(feed,
            Path.Combine(folder, "natives")));
        OutsideProject expected = OutsideProject.OfRepository(Path.Combine(folder, "repository"));
        expected.Build();
        string features = Output(expected.Start());
        OutsideProject outside = OutsideProject.OfPackages(Path.Combine(folder, "outside"), feed, RestoredPackages());
        Try("a project takes the package from a local feed alone and computes what the repository's engine does", () =>
        {
            outside.Add("Atl", version);
            outside.Build();
            outside.TakeWeights(expected, Path.Combine(folder, "outside"));
            Compare(features, Output(outside.Start()));
        });
        foreach (string suite in suites)
            Try($"the same program in a bare root of {suite}", () =>
            {
                BareRoot root = BareRoot.Of(suite);
                root.Take(outside.Output, "outside");
                outside.TakeWeights(expected, root.PathOf("outside"));
                Compare(features, Output(root.Run("outside", "/usr/share/dotnet/dotnet", "outside.dll")));
            });
        Try("a missing library is an error that names the package and the command that installs it", () =>
        {
            foreach (string library in Directory.GetFiles(outside.Output, "libatl.so", SearchOption.AllDirectories))
                File.Delete(library);
            (int code, string output) = outside.Start();
            if (code == 0 || !output.Contains("the native library 'atl' cannot be loaded", StringComparison.Ordinal)
                || !output.Contains("run `dotnet add package Atl`", StringComparison.Ordinal))
                throw new BuildException($"exit code {code}:\n{output}");
        });
        Try("the package Atl.Cli installs the command atl", () =>
        {
            string tools = Path.Combine(folder, "tools");
            string[] install = ["tool", "install", "Atl.Cli", "--version", version, "--tool-path", tools,
                "--configfile", Path.Combine(folder, "outside", "nuget.config")];
            Output(Shell.Capture("dotnet", install));
            string summary = Output(Shell.Capture(Path.Combine(tools, "atl"), "summary",
                Path.Combine(folder, "outside", "deploy.prototxt")));
            if (!summary.Contains("fc5", StringComparison.Ordinal)) throw new BuildException(summary);
            // It reads the documentation that is built with the program.
            Output(Shell.Capture(Path.Combine(tools, "atl"), "layers"));
        });
    }

    private static void Try(string what, Action check)
    {
        try
        {
            check();
            _passed++;
            Console.WriteLine($"passed: {what}");
        }
        catch (BuildException e)
        {
            Failures.Add($"failed: {what}: {e.Message}");
        }
    }

    private static void CheckLibraries(string feed, string folder)
    {
        foreach (string package in Directory.GetFiles(feed, "*.nupkg"))
        {
            string libraries = Path.Combine(folder, Path.GetFileNameWithoutExtension(package));
            Directory.CreateDirectory(libraries);
            using ZipArchive archive = ZipFile.OpenRead(package);
            foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => IsOwn(entry.FullName)))
                entry.ExtractToFile(Path.Combine(libraries, entry.Name));
            CarriedLibraries.Check(libraries);
        }
    }

    // The tool holds libraries of other packages, too: OpenCV's and Skia's, which those packages answer for.
    private static bool IsOwn(string entry) => entry.StartsWith("runtimes/", StringComparison.Ordinal)
        || (entry.StartsWith("tools/net10.0/any/lib", StringComparison.Ordinal)
            && entry.Count(letter => letter == '/') == 3);

    private static string Version(string feed)
    {
        const string Before = "Atl.Proto.", After = ".nupkg";
        string name = Path.GetFileName(Directory.GetFiles(feed, Before + "*" + After).Single());
        return name[Before.Length..^After.Length];
    }

    private static string RestoredPackages()
    {
        string line = Output(Shell.Capture("dotnet", "nuget", "locals", "global-packages", "--list"));
        return line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string Output((int Code, string Output) run) => run.Code == 0 ? run.Output
        : throw new BuildException($"exit code {run.Code}:\n{run.Output}");

    // The repository's library is compiled for this machine's processor, the package's for any with AVX2.
    private static void Compare(string expected, string found)
    {
        float[] want = Numbers(expected), have = Numbers(found);
        if (want.Length == 0 || want.Length != have.Length)
            throw new BuildException($"{have.Length} values, expected {want.Length}:\n{found}");
        for (int i = 0; i < want.Length; i++)
            if (!(Math.Abs(want[i] - have[i]) <= Tolerance * Math.Max(1, Math.Abs(want[i]))))
                throw new BuildException($"value {i} is {have[i]}, expected {want[i]}");
    }

    private static float[] Numbers(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => float.TryParse(line, CultureInfo.InvariantCulture, out float value) ? value : float.NaN)];
}
