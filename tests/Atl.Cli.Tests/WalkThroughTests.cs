using System.Diagnostics;
using System.Text.RegularExpressions;
using Atl.Cli.CommandLine;
using Atl.Face.Verification;
using Atl.TestSupport;

namespace Atl.Cli.Tests;

/// <summary>What the documents tell users to type.</summary>
public sealed partial class WalkThroughTests : FolderFixture
{
    [Test]
    public void FromTheOrlFacesToATableOfTar()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("the script is one of sh");
            return;
        }
        string faces = TestData.Require("faces", "orl");
        // The script writes below the root of its own tree.
        Directory.CreateDirectory(_folder["examples/orl"]);
        foreach (string file in Directory.GetFiles(Path.Combine(TestData.RepositoryRoot, "examples", "orl")))
            File.Copy(file, Path.Combine(_folder["examples/orl"], Path.GetFileName(file)));
        Directory.CreateDirectory(_folder["bin"]);
        File.WriteAllText(_folder["bin/atl"], $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "Atl.Cli.dll")}' \"$@\"\n");
        File.SetUnixFileMode(_folder["bin/atl"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        ProcessStartInfo start = new("sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[_folder["examples/orl/run.sh"], faces, "20"]) start.ArgumentList.Add(argument);
        start.Environment["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process script = Process.Start(start)!;
        Task<string> output = script.StandardOutput.ReadToEndAsync(), errors = script.StandardError.ReadToEndAsync();
        Assert.That(script.WaitForExit(AtlProgram.Limit), "the script ends");
        Assert.That(script.ExitCode, Is.Zero, errors.Result);
        Assert.That(output.Result, Does.Contain("100 features of 128 values").And.Contain("450 genuine and 4,500 impostor pairs scored, 0 not"));
        VerificationRecord record = VerificationRecord.Read(_folder["build/orl/verify.json"]);
        Assert.That(record.Auc, Is.GreaterThan(0.7), "people never trained on are told apart");
        Assert.That(File.Exists(_folder["build/orl/roc.csv"]));
        ReportPage.Check(
            _folder["build/orl/run/report.html"], "20 iterations, verified once", "all pairs of 10 people", "450 genuine and 4,500 impostor pairs",
            $"{100 * record.TarAtFar[1].Tar:0.00} %", $"{record.Auc:0.0000}", "s31", "Two persons, smallest angles");
    }

    [TestCase("README.md")]
    [TestCase("docs/faces.md")]
    [TestCase("docs/data.md")]
    [TestCase("docs/walk-through.md")]
    [TestCase("examples/atl/README.md")]
    [TestCase("examples/sphereface20/README.md")]
    public void CommandsOfTheDocumentsExist(string document)
    {
        string text = File.ReadAllText(Path.Combine(TestData.RepositoryRoot, document));
        string[] lines = [.. CommandLines().Matches(text).Select(match => match.Value)];
        Assert.That(lines, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (string line in lines)
            {
                string[] words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words[1] == "help") continue;
                Command? command = Array.Find(Application.Commands, known => known.Name == words[1]);
                Assert.That(command, Is.Not.Null, line);
                string[] flags = [.. command!.AllFlags.Select(flag => flag.Name)];
                foreach (string word in words.Skip(2).Where(word => word.StartsWith('-')))
                    Assert.That(flags, Does.Contain(word.TrimStart('-').Split('=')[0]), line);
            }
        });
    }

    // In fenced blocks, or between backticks.
    [GeneratedRegex(@"(?<=^|`)atl [a-z_]+ [^`\n]*", RegexOptions.Multiline)]
    private static partial Regex CommandLines();
}
