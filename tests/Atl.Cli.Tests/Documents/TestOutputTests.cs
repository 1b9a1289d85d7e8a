using Atl.Build;

namespace Atl.Cli.Tests.Documents;

/// <summary>What <c>build.cs -- test</c> takes from the output of test programs, and what <c>--rest</c> runs.</summary>
public sealed class TestOutputTests
{
    private static readonly string[] Printed =
    [
        "NUnit Adapter 5.0.0.0: Test execution started",
        "passed Adds(1, 2) (12ms)",
        "failed Divides (by zero) (1s 003ms)",
        "  Expected: 1",
        "",
        "    at Divides() in Tests.cs:7",
        "passed Twice (0ms)",
        "skipped Draws (0ms)",
        "  no GPU",
        "  more of it",
        "skipped Reads (0ms)",
        "skipped Writes (0ms)",
        "  no GPU",
        "failed Twice (2ms)",
        "  Expected: 2",
        "passed by many (3ms)",
        "skipped all that",
        "Test run summary: Failed! - Atl.Tests.dll (net10.0|x64)",
        "  total: 8",
        "  failed: 2",
        "  succeeded: 3",
        "  skipped: 3",
        "  duration: 2s 15ms",
    ];

    private readonly StringWriter _failures = new();

    [SetUp]
    public void Clear() => _failures.GetStringBuilder().Clear();

    [OneTimeTearDown]
    public void Close() => _failures.Dispose();

    [Test]
    public void CountsAndNamesAreThoseOfTheProgram()
    {
        TestOutput output = Read(Printed);
        Assert.That((output.Passed, output.Failed, output.Skipped), Is.EqualTo((3, 2, 3)));
        Assert.That(output.PassedNames, Is.EqualTo(["Adds(1, 2)", "by many"]),
            "a name of which one test failed is no passed one");
    }

    [Test]
    public void FailuresArePassedOnWithTheirTextAndNothingElse()
    {
        Read(Printed);
        Assert.That(_failures.ToString().ReplaceLineEndings("\n"), Is.EqualTo("failed Divides (by zero) (1s 003ms)\n"
            + "  Expected: 1\n    at Divides() in Tests.cs:7\nfailed Twice (2ms)\n  Expected: 2\n"));
    }

    [Test]
    public void SkippedTestsAreGatheredByTheirReasons()
    {
        SortedDictionary<string, List<string>> skipped = new(StringComparer.Ordinal) { ["no GPU"] = ["Before"] };
        Read(Printed).Finish(skipped);
        Assert.That(skipped.Keys, Is.EqualTo(["no GPU", "no reason given"]));
        Assert.That(skipped["no GPU"], Is.EqualTo(["Before", "Draws", "Writes"]));
        Assert.That(skipped["no reason given"], Is.EqualTo(["Reads"]));
    }

    [Test]
    public void OfAProgramThatDiesTheLastOtherLinesAreKept()
    {
        TestOutput output = Read(["skipped all that", "passed One (1ms)",
            .. Enumerable.Range(0, 300).Select(i => $"line {i}"), "Unhandled exception."]);
        string[] other = output.Other.Split('\n');
        Assert.That((other.Length, other[0], other[^1]), Is.EqualTo((200, "line 101", "Unhandled exception.")));
        Assert.That((output.Passed, output.Failed, output.Skipped), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void TheRestIsWhatDidNotPassWhenAllWereRun()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            PassedTests passed = new(folder);
            passed.Forget("A.Tests");
            Assert.That(passed.Read("A.Tests"), Is.Null, "all were not run yet");
            passed.Keep("A.Tests", Read(Printed).PassedNames);
            Assert.That(File.ReadAllLines(passed.FileOf("A.Tests")), Is.EqualTo(["Adds(1, 2)", "by many"]));
            HashSet<string> names = passed.Read("A.Tests")!;
            (string, string)[] all = [("1", "Adds(1, 2)"), ("2", "Twice"), ("3", "Draws"), ("4", "adds(1, 2)")];
            Assert.That(TestRun.Rest([.. all], names), Is.EqualTo(["2", "3", "4"]));
            Assert.That(passed.Read("B.Tests"), Is.Null);
            passed.Forget("A.Tests");
            Assert.That(passed.Read("A.Tests"), Is.Null);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Test]
    public void AProgramsTestsAreReadFromItsList()
    {
        const string List = "Microsoft.Testing.Platform v2\n"
            + """{"tests":[{"uid":"N.C.A(1)","displayName":"A(1)"},{"uid":"N.C.B","displayName":"B","x":{}}]}""";
        Assert.That(TestRun.Listed("a.dll", 0, List), Is.EqualTo([("N.C.A(1)", "A(1)"), ("N.C.B", "B")]));
        Assert.That(TestRun.Listed("a.dll", 8, "Zero tests ran"), Is.Empty);
        Assert.That(() => TestRun.Listed("a.dll", 134, "Aborted"), Throws.TypeOf<BuildException>().With.Message
            .EqualTo("a.dll cannot list its tests (exit code 134):\nAborted"));
    }

    private TestOutput Read(string[] lines)
    {
        TestOutput output = new(_failures);
        foreach (string line in lines) output.Receive(line);
        return output;
    }
}
