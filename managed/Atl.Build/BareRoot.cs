using System.Runtime.InteropServices;

namespace Atl.Build;

/// <summary>A bare system of Debian's in a folder, with nothing beside what debootstrap installs but .NET.</summary>
internal sealed class BareRoot
{
    private readonly string _folder;

    private BareRoot(string folder) => _folder = folder;

    /// <summary>The root of a suite, made by debootstrap where there is none yet (build/roots).</summary>
    public static BareRoot Of(string suite)
    {
        string folder = Path.GetFullPath($"build/roots/{suite}"),
            done = Path.Combine(folder, "usr/share/dotnet/dotnet");
        if (File.Exists(done)) return new BareRoot(folder);
        if (!Shell.Has("debootstrap") || Environment.UserName != "root")
            throw new BuildException("bare roots need debootstrap (Debian's package of that name), run as root",
                BuildException.MissingTool);
        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        Shell.Run("debootstrap", "--variant=minbase", suite, folder);
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")),
            target = Path.GetDirectoryName(done)!;
        Directory.CreateDirectory(Path.Combine(target, "shared"));
        foreach (string part in new[] { "host", "shared/Microsoft.NETCore.App", "dotnet" })
            Shell.Run("cp", "-r", Path.Combine(dotnet, part), Path.Combine(target, part));
        return new BareRoot(folder);
    }

    /// <summary>The path here of a folder of the root.</summary>
    public string PathOf(string folder) => Path.Combine(_folder, folder);

    /// <summary>Copies a folder into the root, in place of one of that name.</summary>
    public void Take(string source, string folder)
    {
        if (Directory.Exists(PathOf(folder))) Directory.Delete(PathOf(folder), true);
        Shell.Run("cp", "-r", source, PathOf(folder));
    }

    /// <summary>Runs a program in a folder of the root; gives the exit code and what it printed. .NET does not start
    /// without <c>/proc</c>, which is mounted for this one program.</summary>
    public (int Code, string Output) Run(string folder, params string[] command) => Shell.Capture("unshare",
        ["--mount", "sh", "-c", "mount -t proc proc \"$0/proc\" && exec chroot \"$0\" \"$@\"", _folder, "env", "-i",
            "-C", "/" + folder, "HOME=/tmp", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", .. command]);
}
