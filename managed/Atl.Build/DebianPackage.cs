using System.Globalization;

namespace Atl.Build;

/// <summary>The published atl as a package for Debian and Ubuntu, and as an image for containers.</summary>
internal static class DebianPackage
{
    private const string Root = "artifacts/deb", Dockerfile = "managed/Atl.Cli/Dockerfile";

    /// <summary>Publishes and makes the package, with the Dockerfile beside it.</summary>
    public static string Build()
    {
        if (!OperatingSystem.IsLinux() || !Shell.Has("dpkg-deb"))
            throw new BuildException("deb needs dpkg-deb (Debian's package dpkg)", BuildException.MissingTool);
        string published = Package.Publish(), version = ReadVersion();
        if (Directory.Exists(Root)) Directory.Delete(Root, true);
        string documents = Path.Combine(Root, "usr/share/doc/atl"), commands = Path.Combine(Root, "usr/bin"),
            library = Path.Combine(Root, "usr/lib/atl"), control = Path.Combine(Root, "DEBIAN");
        foreach (string folder in new[] { documents, commands, control, Path.GetDirectoryName(library)! })
            Directory.CreateDirectory(folder);
        Shell.Run("cp", "-r", published, library);
        File.CreateSymbolicLink(Path.Combine(commands, "atl"), "../lib/atl/atl");
        File.Copy("LICENSE", Path.Combine(documents, "copyright"));
        File.WriteAllText(Path.Combine(control, "control"), Control(version, Size(Root)));
        string file = $"artifacts/atl_{version}_amd64.deb";
        Shell.Run("dpkg-deb", "--root-owner-group", "-Zzstd", "--build", Root, file);
        File.Copy(Dockerfile, "artifacts/Dockerfile", true);
        return file;
    }

    // OpenCV's library needs GTK, libdrm and libatomic; commands that read no images run without.
    private static string Control(string version, long bytes) => string.Create(CultureInfo.InvariantCulture, $"""
        Package: atl
        Version: {version}
        Architecture: amd64
        Maintainer: The Atl authors <atl@localhost>
        Installed-Size: {bytes / 1024}
        Depends: libc6 (>= {CarriedLibraries.NewestGlibc}), libgcc-s1, libstdc++6 (>= 11)
        Recommends: libgtk-3-0 | libgtk-3-0t64, libdrm2, libatomic1
        Section: science
        Priority: optional
        Description: trains and runs Caffe nets
         Prototxt and caffemodel in, blobs and face embeddings out; Caffe's verbs, flags and files.

        """);

    private static long Size(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static string ReadVersion()
    {
        (int code, string output) = Shell.Capture("dotnet", "msbuild", "managed/Atl.Cli/Atl.Cli.csproj",
            "-getProperty:Version", "-nodeReuse:false");
        return code == 0 ? output.Trim() : throw new BuildException($"the version cannot be read:\n{output}");
    }
}
