using System.Runtime.InteropServices;

namespace Atl.Build;

/// <summary>The files that are carried to other machines.</summary>
internal static class Package
{
    private const string GpuCheckNative = "build/gpu-check";
    private static readonly string[] PortableOptions =
        ["-DATL_NATIVE_ARCH=OFF", "-DATL_VERSIONED_NAME=OFF", "-DCMAKE_BUILD_RPATH=$ORIGIN"];

    private static readonly string Runtime = RuntimeInformation.RuntimeIdentifier.Split('-')[^1] is var processor
        && OperatingSystem.IsWindows() ? $"win-{processor}" : OperatingSystem.IsMacOS() ? $"osx-{processor}"
        : $"linux-{processor}";

    /// <summary>Publishes atl with its own .NET, the native libraries that it needs, their licenses and the native
    /// headers.</summary>
    public static string Publish()
    {
        string folder = $"artifacts/atl-{Runtime}";
        string[] libraries = CarriedLibraries.Collect();
        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        PublishProject("managed/Atl.Cli/Atl.Cli.csproj", folder, ["-p:PublishReadyToRun=true", .. libraries]);
        string include = Path.Combine(folder, "include", "atl");
        Directory.CreateDirectory(include);
        foreach (string header in Directory.GetFiles("native/include/atl", "*.h"))
            File.Copy(header, Path.Combine(include, Path.GetFileName(header)), true);
        File.Copy("LICENSE", Path.Combine(folder, "LICENSE"), true);
        return folder;
    }

    /// <summary>Publishes and packs as a tar.gz.</summary>
    public static string Archive() => Archive(Publish());

    /// <summary>Packs the kernels' tests and bench, the published tests of Atl, Atl itself with a net to time, and the
    /// script that runs them.</summary>
    public static string GpuCheck()
    {
        string folder = "artifacts/gpu-check", programs = Path.Combine(folder, "atl");
        NativeBuild.BuildGpuCheck(GpuCheckNative, PortableOptions);
        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        // In one folder, so that .NET and oneDNN, which are most of it, are packed once.
        foreach (string project in new[] { "tests/Atl.Tests/Atl.Tests.csproj", "managed/Atl.Cli/Atl.Cli.csproj" })
            PublishProject(project, programs, $"-p:AtlNativeDir={Path.GetFullPath(GpuCheckNative)}/");
        CopyDependencies(programs);
        // Half of the rest, and nothing that runs on a GPU here reads or draws images.
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
    private static void PublishProject(string project, string folder, params string[] options) =>
        Shell.Run("dotnet", ["publish", project, "-c", "Release", "-r", Runtime, "--self-contained", "-v", "quiet",
            "-nologo", "-nodeReuse:false", "-tl:off",
            .. options, "--artifacts-path", "build/publish", "-o", folder]);

    private static void CopyDependencies(string folder)
    {
        foreach (string library in Dependencies(Path.Combine(folder, "libatl.so")))
            File.Copy(library, Path.Combine(folder, Path.GetFileName(library)), true);
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
