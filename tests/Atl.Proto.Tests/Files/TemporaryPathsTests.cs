using Atl.TestSupport;

namespace Atl.Proto.Tests.Files;

public sealed class TemporaryPathsTests
{
    [Test]
    public void WhatIsTrackedIsRemovedFilesAndFolders()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["kept"], "");
        File.WriteAllText(folder["done"], "");
        File.WriteAllText(folder["half"], "");
        Directory.CreateDirectory(folder["unfinished"]);
        File.WriteAllText(folder["unfinished/data.mdb"], "");
        TemporaryPaths.Track(folder["done"]).Dispose();
        using (TemporaryPaths.Track(folder["half"]))
        using (TemporaryPaths.Track(folder["unfinished"]))
        using (TemporaryPaths.Track(folder["not made yet"]))
            TemporaryPaths.RemoveAll();
        Assert.That(
            Directory.GetFileSystemEntries(folder.FullName).Select(Path.GetFileName),
            Is.EquivalentTo((string[])["kept", "done"]));
    }

    [Test]
    public void AFileThatIsBeingWrittenIsTracked()
    {
        using TemporaryFolder folder = new();
        AtomicFile.Write(folder["f"], stream =>
        {
            Assert.That(File.Exists(folder["f.tmp"]));
            TemporaryPaths.RemoveAll();
            Assert.That(File.Exists(folder["f.tmp"]), Is.False);
            // The test itself goes on and needs what it renames.
            if (!OperatingSystem.IsWindows()) File.WriteAllText(folder["f.tmp"], "");
        });
    }
}
