using System.Diagnostics;

namespace Atl.Cli.Tests.Faults;

/// <summary>A disk of a few kilobytes, which is soon full; skips the test where this user cannot mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    /// <summary>Mounts one at a folder, which is made.</summary>
    public SmallDisk(string folder, string size)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        if (!OperatingSystem.IsLinux() || !Run("mount", "-t", "tmpfs", "-o", $"size={size}", "none", _folder))
            Assert.Ignore("a small disk cannot be mounted (tmpfs, as the administrator of Linux)");
    }

    /// <summary>Makes it larger.</summary>
    public void Grow(string size) => Assert.That(Run("mount", "-o", $"remount,size={size}", _folder));

    /// <inheritdoc/>
    public void Dispose() => Run("umount", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true
        };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
