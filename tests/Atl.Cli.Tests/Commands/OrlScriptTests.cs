using System.Diagnostics;
using Atl.Face.Verification;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>examples/orl/run.sh on the ORL faces.</summary>
public sealed class OrlScriptTests : FolderFixture
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
        ProcessStartInfo start = new("sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[_folder["examples/orl/run.sh"], faces, "20"])
            start.ArgumentList.Add(argument);
        AtlProgram.PutOnPath(start, _folder["bin"]);
        using Process script = Process.Start(start)!;
        Task<string> output = script.StandardOutput.ReadToEndAsync(), errors = script.StandardError.ReadToEndAsync();
        Assert.That(script.WaitForExit(AtlProgram.Limit), "the script ends");
        Assert.That(script.ExitCode, Is.Zero, errors.Result);
        Assert.That(output.Result,
            Does.Contain("100 features of 128 values").And.Contain(
                "450 genuine and 4,500 impostor pairs scored, 0 not"));
        VerificationRecord record = VerificationRecord.Read(_folder["build/orl/verify.json"]);
        Assert.That(record.Auc, Is.GreaterThan(0.7), "people never trained on are told apart");
        Assert.That(File.Exists(_folder["build/orl/roc.csv"]));
        ReportPage.Check(
            _folder["build/orl/run/report.html"], "20 iterations, verified once", "all pairs of 10 identities",
            "450 genuine and 4,500 impostor pairs",
            $"{100 * record.TarAtFar[1].Tar:0.00} %", $"{record.Auc:0.0000}", "s31",
            "Different identities, smallest angles");
    }
}
