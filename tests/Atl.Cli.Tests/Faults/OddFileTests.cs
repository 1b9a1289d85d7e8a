using Atl.TestSupport;

namespace Atl.Cli.Tests.Faults;

/// <summary>Pipes and devices where files are expected: no command waits for them.</summary>
public sealed class OddFileTests : FolderFixture
{
    [TestCase("summary", "net.prototxt")]
    [TestCase("lint", "net.prototxt")]
    [TestCase("train", "-solver", "net.prototxt")]
    [TestCase("parse_log", "train.log", ".")]
    [TestCase("convert", "net.caffemodel", "out.caffemodel.h5")]
    [TestCase("convert", "net.caffemodel.h5", "out.caffemodel")]
    [TestCase("verify", "features.npy", "-all")]
    [TestCase("verify", "features.npz", "-all")]
    [TestCase("import", "train.rec", "-out", "db")]
    [TestCase("import", "faces.tar", "-out", "db")]
    [TestCase("import", "faces.txt", "-out", "db")]
    [TestCase("compute_image_mean", "-backend", "lmdb", "data.mdb/..", "mean.binaryproto")]
    [TestCase("compute_image_mean", "-backend", "leveldb", "CURRENT/..", "mean.binaryproto")]
    public void APipeIsAnErrorAndNotAWait(params string[] arguments)
    {
        string name = arguments.First(argument => Path.GetExtension(argument).Length > 1
            || argument.EndsWith("/..", StringComparison.Ordinal));
        bool isDatabase = name.EndsWith("/..", StringComparison.Ordinal);
        OddFiles.Pipe(_folder[isDatabase ? name[..^3] : name]);
        ProgramResult result = AtlProgram.Run(_folder.FullName,
            [.. arguments.Select(argument => isDatabase && argument == name ? "." : argument)]);
        Assert.That((result.ExitCode, result.Output + result.Errors), Is.EqualTo((1, result.Output + result.Errors)));
        Assert.That(result.Output + result.Errors, Does.Contain(": a named pipe, expected "));
    }

    [TestCase(40)]
    [TestCase(60)]
    [TestCase(127)]
    public void ALimitOfOpenFilesThatIsTooLowIsSaidAsWhatItIs(int limit)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("ulimit of Linux");
        File.WriteAllText(_folder["net.prototxt"], "name: \"x\"");
        ProgramResult result = AtlProgram.RunWithOpenFiles(limit, _folder.FullName, "lint", "net.prototxt");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo(
            (1, $"atl: too many open files: the limit is "
                + $"{limit}, expected 128 or more; raise it with ulimit -n 1024\n")));
        Assert.That(AtlProgram.RunWithOpenFiles(128, _folder.FullName, "lint", "net.prototxt").ExitCode, Is.Zero);
    }

    [Test]
    public void APipeThatNobodyReadsEndsNoTraining()
    {
        OddFiles.Pipe(_folder["page"]);
        WriteTraining();
        ProgramResult result = AtlProgram.Run(_folder.FullName, "train", "-solver", "solver.prototxt", "-report",
            "page");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, result.Errors)));
        Assert.That(result.Errors, Does.Contain("nobody has opened the pipe to read in 10 seconds"));
        Assert.That(File.Exists(_folder["p_iter_2.caffemodel"]), Is.True);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4)]
    public void AFileThatMayNotGrowIsAFaultOfTheDisk(int blocks)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("ulimit of Linux");
        WriteTraining();
        ProgramResult result = AtlProgram.RunWithFileBlocks(blocks, _folder.FullName, "train", "-solver",
            "solver.prototxt", "-run", "run", "-tensorboard", "events");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((1, result.Errors)));
        Assert.That(result.Errors, Does.Not.Contain("error of the program").And.Not.Contain("Exception"));
        Assert.That(result.LastError, Does.StartWith("atl train: the last snapshot, of iteration 2, failed: ")
            .And.Contain("p_iter_2.caffemodel").And.Contain("ulimit -f"));
        Assert.That(Directory.GetFiles(_folder.FullName, "p*"), Is.Empty);
    }

    [Test]
    public void ALockThatIsNoFileIsSaidAndTrainingGoesOn()
    {
        OddFiles.Pipe(_folder["p.lock"]);
        WriteTraining();
        ProgramResult result = AtlProgram.Run(_folder.FullName, "train", "-solver", "solver.prototxt");
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, result.Errors)));
        Assert.That(result.Errors,
            Does.Contain("p.lock: cannot create a lock").And.Contain("a named pipe has this name"));
    }

    [Test]
    public void APipeAmongImagesIsOneOfTheFailures()
    {
        string person = Directory.CreateDirectory(_folder["faces/ann"]).FullName;
        OddFiles.Pipe(Path.Combine(person, "1.png"));
        File.CreateSymbolicLink(Path.Combine(person, "2.png"), "nowhere");
        if (OperatingSystem.IsLinux()) File.CreateSymbolicLink(Path.Combine(person, "4.png"), "/proc/kmsg");
        using (OpenCvSharp.Mat image = new(8, 8, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(7)))
            OpenCvSharp.Cv2.ImWrite(Path.Combine(person, "3.png"), image);
        ProgramResult result = AtlProgram.Run(_folder.FullName, "import", "faces", "-out", "db");
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((3, OperatingSystem.IsLinux()
                ? "atl import: 3 of 4 images could not be read: db.skipped.tsv says why"
                : "atl import: 2 of 3 images could not be read: db.skipped.tsv says why")));
        Assert.That(File.ReadAllText(_folder["db.skipped.tsv"]),
            Does.Contain("1.png: a named pipe, expected an image in a regular file"));
    }

    // With weights of more than the blocks that a test gives a file.
    private void WriteTraining()
    {
        File.WriteAllText(_folder["net.prototxt"], """
            layer { name: "data" type: "DummyData" top: "x" top: "t" dummy_data_param { shape { dim: 2 dim: 30 } } }
            layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 30 } }
            layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "t" top: "loss" }
            """);
        File.WriteAllText(_folder["solver.prototxt"], """
            net: "net.prototxt" base_lr: 0.1 lr_policy: "fixed" max_iter: 2 snapshot: 1 snapshot_prefix: "p"
            """);
    }
}
