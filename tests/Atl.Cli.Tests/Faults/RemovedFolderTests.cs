using System.Diagnostics;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Faults;

/// <summary>Commands whose current folder somebody has removed.</summary>
public sealed class RemovedFolderTests : FolderFixture
{
    [Test]
    public void TheFolderIsNamedAndNotAFaultOfTheProgram()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("a current folder can be removed on Linux");
        File.WriteAllText(_folder["solver.prototxt"],
            """net_param { } base_lr: 0.1 lr_policy: "fixed" snapshot_prefix: "face" max_iter: 1""");
        ProcessStartInfo start =
            new("sh", ["-c", $"rmdir ../gone; exec atl train -solver '{_folder["solver.prototxt"]}'"])
            {
                WorkingDirectory = Directory.CreateDirectory(_folder["gone"]).FullName,
                RedirectStandardError = true,
            };
        AtlProgram.PutOnPath(start, _folder["bin"]);
        using Process atl = Process.Start(start)!;
        string errors = atl.StandardError.ReadToEnd();
        atl.WaitForExit();
        Assert.That(atl.ExitCode, Is.EqualTo(1), errors);
        Assert.That(errors, Does.Contain("atl train: the current folder has been removed, expected one that is there"));
    }
}
