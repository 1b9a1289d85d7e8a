using System.Diagnostics;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Terminal;

/// <summary>Standard output and standard error that cannot be written: closed, full, or a pipe that nobody
/// reads.</summary>
public sealed class StandardStreamTests : FolderFixture
{
    private const string Net = """
        layer { name: "data" type: "DummyData" top: "x" top: "t" dummy_data_param { shape { dim: 2 dim: 3 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 3 } }
        layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }
        """;

    [SetUp]
    public void WriteFiles()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("the streams are set up by a shell and /dev/full, which Linux has");
        File.WriteAllText(_folder["net.prototxt"], Net);
        File.WriteAllText(
            _folder["solver.prototxt"],
            "net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' max_iter: 30 display: 1 snapshot_prefix: 'out' "
                + "random_seed: 5");
    }

    [TestCase("2>/dev/full")]
    [TestCase("2>&-")]
    [TestCase("<&- >&- 2>&-")]
    [TestCase("2>&1 >/dev/null | true")]
    public void ALogThatCannotBeWrittenDoesNotEndTraining(string redirections)
    {
        ProgramResult plain = AtlProgram.Run(_folder.FullName, "train", "-solver", "solver.prototxt");
        Assert.That(plain.ExitCode, Is.Zero, plain.Errors);
        byte[] weights = File.ReadAllBytes(_folder["out_iter_30.caffemodel"]);
        File.Delete(_folder["out_iter_30.caffemodel"]);
        // In a pipeline the program is not the shell's last one, whose code the shell gives.
        ProgramResult result = AtlProgram.RunThroughShell(_folder.FullName, redirections, "train", "-solver",
            "solver.prototxt");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(File.ReadAllBytes(_folder["out_iter_30.caffemodel"]), Is.EqualTo(weights));
    }

    [TestCase("> /dev/full", "layers")]
    [TestCase(">&-", "layers")]
    [TestCase("> /dev/full", "help")]
    [TestCase("> /dev/full", "-version")]
    [TestCase("> /dev/full", "summary", "net.prototxt")]
    [TestCase("> /dev/full", "lint", "net.prototxt")]
    public void AResultThatCannotBePrintedIsOneLineAndCode1(string redirection, params string[] arguments)
    {
        ProgramResult result = AtlProgram.RunThroughShell(_folder.FullName, redirection, arguments);
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.LastError, Does.StartWith($"atl {arguments[0]}: standard output cannot be written ("));
        Assert.That(result.Errors, Does.Not.Contain("Exception"));
    }

    [Test]
    public void ResultAndErrorThatCannotBePrintedAreCode1() =>
        Assert.That(AtlProgram.RunThroughShell(_folder.FullName, ">&- 2>&-", "layers").ExitCode, Is.EqualTo(1));

    [Test]
    public void FilesAreWrittenWhereOnlyNotesOnThemCannotBePrinted()
    {
        ProgramResult result = AtlProgram.RunThroughShell(
            _folder.FullName, "> /dev/full", "run", "-model", "net.prototxt", "-out", "blobs");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.LastError, Does.EndWith("and the files are complete all the same"));
        Assert.That(File.Exists(_folder["blobs/loss.npy"]));
    }

    [Test]
    public void APipeThatNobodyReadsEndsQuietlyAsAfterSigpipe()
    {
        using Process process = AtlProgram.StartThroughShell(_folder.FullName, "", "layers");
        process.StandardOutput.Close();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That((process.ExitCode, errors), Is.EqualTo((141, "")));
    }
}
