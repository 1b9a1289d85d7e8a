using System.Diagnostics;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Faults;

/// <summary>Inputs that once ended the program, or a message of it, badly (docs/fuzzing.md).</summary>
public sealed class FuzzCorpusTests
{
    private static readonly string Fuzzer = Path.Combine(AppContext.BaseDirectory, "Atl.Fuzz.dll");

    private static IEnumerable<string> Formats() =>
        Directory.GetDirectories(Path.Combine(TestData.RepositoryRoot, "tests", "data", "fuzz"))
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Formats))]
    public void FoundInputsEndAsTheyShould(string format)
    {
        (int code, string text) = Run(format, "--mutants", "0");
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Contain("1 passed, 0 failed, 0 skipped"));
    }

    [Test]
    public void AMutantIsTheSameEveryTime()
    {
        string[] rows =
            [.. Enumerable.Range(0, 2).Select(_ => Run("pairs", "--mutants", "40", "--seed", "3", "--messages").Text)];
        Assert.That(Endings(rows[0]), Is.EqualTo(Endings(rows[1])).And.Contains("×"));
    }

    [Test]
    public void AnUnknownFormatIsAnError()
    {
        (int code, string text) = Run("none");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(text, Does.Contain("unknown format 'none'; there are: net, solver, "));
    }

    // How many mutants ended with each message, without times.
    private static string Endings(string text) =>
        string.Join('\n',
            text.Split('\n').Where(line => line.Contains('×', StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static (int Code, string Text) Run(params string[] arguments)
    {
        ProcessStartInfo start =
            new("dotnet", [Fuzzer, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(AtlProgram.Limit))
        {
            process.Kill(true);
            Assert.Fail($"the fuzzer did not end within {AtlProgram.Limit}");
        }
        return (process.ExitCode, output.Result + errors.Result);
    }
}
