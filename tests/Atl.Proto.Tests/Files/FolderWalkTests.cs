using System.Runtime.Versioning;
using Atl.TestSupport;

namespace Atl.Proto.Tests.Files;

public sealed class FolderWalkTests : FolderFixture
{
    [Test]
    public void FilesComeInOrderAndWithoutHiddenOnes()
    {
        foreach (string file in (string[])["b.txt", "a/2.txt", "a/1.txt", "a.txt", ".hidden/x.txt"]) Make(file);
        Assert.That(Names(FolderWalk.Through(_folder.FullName)), Is.EqualTo(["a.txt", "a/1.txt", "a/2.txt", "b.txt"]));
        Assert.That(Names(FolderWalk.Through(_folder.FullName, hidden: true)), Does.Contain(".hidden/x.txt"));
        Assert.That(Names(FolderWalk.Through(_folder.FullName, path => Path.GetFileName(path) != "a")),
            Is.EqualTo(["a.txt", "b.txt"]));
    }

    [Test]
    public void EachFolderIsVisitedOnceByItsOwnPath()
    {
        Make("real/x.txt");
        Make("a/y.txt");
        Link("a/first", "../real");
        Link("again", "real");
        FolderWalk walk = FolderWalk.Through(_folder.FullName);
        Assert.That(Names(walk), Is.EqualTo(["a/y.txt", "real/x.txt"]));
        Assert.That(walk.SkippedLines(), Is.EqualTo(
        [
            $"{_folder["again"]}: skipped, for it is the folder {_folder["real"]}",
            $"{_folder["a/first"]}: skipped, for it is the folder {_folder["real"]}",
        ]));
    }

    [Test]
    public void LinksToFoldersElsewhereAreFollowed()
    {
        using TemporaryFolder elsewhere = new();
        File.WriteAllText(elsewhere["x.txt"], "");
        Make("a.txt");
        Link("there", elsewhere.FullName);
        Assert.That(Names(FolderWalk.Through(_folder.FullName)), Is.EqualTo(["a.txt", "there/x.txt"]));
    }

    // Without a memory of what was visited there would be 2^40 ways.
    [Test]
    public void LinksInCirclesEnd()
    {
        Make("a/x.txt");
        Make("b/y.txt");
        for (int i = 0; i < 40; i++)
        {
            Link($"a/{i}", "../b");
            Link($"b/{i}", "../a");
        }
        Link("a/up", "..");
        FolderWalk walk = FolderWalk.Through(_folder.FullName);
        Assert.That(Names(walk), Is.EqualTo(["a/x.txt", "b/y.txt"]));
        Assert.That((walk.Skipped.Count, walk.SkippedLines().Last()), Is.EqualTo((81, "76 more folders skipped")));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void AFolderWithoutPermissionIsSkippedWithAWord()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("permissions of Unix");
        Make("a.txt");
        Make("secret/x.txt");
        File.SetUnixFileMode(_folder["secret"], UnixFileMode.None);
        try
        {
            if (Environment.IsPrivilegedProcess) Assert.Ignore("the administrator may read every folder");
            FolderWalk walk = FolderWalk.Through(_folder.FullName);
            Assert.That(Names(walk), Is.EqualTo(["a.txt"]));
            Assert.That(walk.SkippedLines().Single(), Does.StartWith($"{_folder["secret"]}: cannot be read: "));
        }
        finally
        {
            File.SetUnixFileMode(_folder["secret"],
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Test]
    public void WhatIsNoFolderIsAnError() => Assert.That(() => FolderWalk.Through(_folder["absent"]),
        Throws.TypeOf<AtlException>().With.Message.StartsWith($"{_folder["absent"]}: cannot be read"));

    private string[] Names(FolderWalk walk) =>
        [.. walk.Files.Select(file => Path.GetRelativePath(_folder.FullName, file).Replace('\\', '/'))];

    private void Make(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], "");
    }

    private void Link(string name, string target) => Directory.CreateSymbolicLink(_folder[name], target);
}
