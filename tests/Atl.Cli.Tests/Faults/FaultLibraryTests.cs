using System.Diagnostics;
using Atl.Faults;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Faults;

/// <summary>What makes calls of the system fail does so where it is told, and nowhere else.</summary>
public sealed class FaultLibraryTests : FolderFixture
{
    private const int Killed = 137;

    [SetUp]
    public void RequireLibrary()
    {
        if (FaultLibrary.Path is null) Assert.Ignore(FaultLibrary.AbsentReason);
    }

    [TestCase("kill@rename:1", "mv a b", Killed, "a: 123456")]
    [TestCase("kill@rename:2", "mv a b", 0, "b: 123456")]
    [TestCase("eio@rename:1", "mv a b", 1, "a: 123456")]
    [TestCase("tear@write:1", "printf 123456 > b", Killed, "a: 123456, b: 123")]
    [TestCase("enospc@bytes:4", "printf 123456 > b", 1, "a: 123456, b: 1234")]
    [TestCase("enospc@bytes:6", "printf 123456 > b", 0, "a: 123456, b: 123456")]
    [TestCase("enospc@write:1", "printf 123456 > b", 1, "a: 123456, b: ")]
    [TestCase("enospc@write:2+", "printf 1 > b; printf 2 > c; printf 3 > d", 1, "a: 123456, b: 1, c: , d: ")]
    [TestCase("short@write:1", "printf 123456 > b", 0, "a: 123456, b: 123456")]
    [TestCase("eio@sync:1", "sync a", 1, "a: 123456")]
    [TestCase("eio@sync:1", "sync -f a", 1, "a: 123456")]
    [TestCase("enospc@create:1", "printf 1 > b", 2, "a: 123456")]
    [TestCase("enospc@remove:1", "rm a", 1, "a: 123456")]
    [TestCase("kill@any:3", "printf 1 > b; printf 2 > c", Killed, "a: 123456, b: 1")]
    public void TheCallFailsThatIsNamed(string fault, string script, int code, string left)
    {
        File.WriteAllText(_folder["a"], "123456");
        Assert.That(Run(script, FaultLibrary.Environment(_folder.FullName, fault)), Is.EqualTo(code));
        string[] files = [.. Directory.EnumerateFiles(_folder.FullName).Order(StringComparer.Ordinal)];
        Assert.That(string.Join(", ", files.Select(file => $"{Path.GetFileName(file)}: {File.ReadAllText(file)}")),
            Is.EqualTo(left));
    }

    [Test]
    public void FilesOfOtherFoldersAndOtherNamesAreLeftAlone()
    {
        Directory.CreateDirectory(_folder["in"]);
        Dictionary<string, string> environment = FaultLibrary.Environment(_folder["in"], "enospc@write:1+",
            name: "bad");
        Assert.That(Run("printf 1 > bad; printf 1 > inner; printf 1 > in/good; printf 1 > in/bad", environment),
            Is.EqualTo(1));
        Assert.That(new[] { "bad", "inner", "in/good", "in/bad" }.Select(name => new FileInfo(_folder[name]).Length),
            Is.EqualTo([1, 1, 1, 0]));
    }

    [Test]
    public void CallsAreLogged()
    {
        using TemporaryFolder logs = new();
        Run("printf 12 > a; mv a b; rm b", FaultLibrary.Environment(_folder.FullName, "eio@remove:1", logs["log"]));
        Assert.That(FaultLibrary.ReadLog(logs["log"]), Is.EqualTo(new FaultCall[]
        {
            new(1, "create", 0, _folder["a"], null, false),
            new(2, "write", 2, _folder["a"], null, false),
            new(3, "rename", 0, _folder["b"], _folder["a"], false),
            new(4, "remove", 0, _folder["b"], null, true),
        }));
    }

    private int Run(string script, Dictionary<string, string> environment)
    {
        ProcessStartInfo start = new("sh", ["-c", script])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
