using Atl.Data;
using Atl.Face.Datasets;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>The pages of train -run, verify -run and report, as a reader sees them in a browser.</summary>
public sealed class ReportPageTests : FolderFixture
{
    private const string Net = """
        name: "pictures"
        layer { name: "data" type: "DummyData" top: "data" top: "label"
          dummy_data_param { shape { dim: 8 dim: 1 dim: 6 dim: 5 } shape { dim: 8 } data_filler { type: "gaussian" std: 1 } data_filler { value: 2 } } }
        layer { name: "fc5" type: "InnerProduct" bottom: "data" top: "fc5" inner_product_param { num_output: 6 weight_filler { type: "xavier" } } }
        layer { name: "fc6" type: "MarginInnerProduct" bottom: "fc5" bottom: "label" top: "fc6" top: "lambda"
          margin_inner_product_param { num_output: 4 type: DOUBLE weight_filler { type: "xavier" } base: 1000 gamma: 0.5 power: 1 } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc6" bottom: "label" top: "loss" }
        """;

    private const int People = 6, ImagesOfEach = 4, Features = 8;

    [Test]
    public void ATrainingRun()
    {
        Train(40);
        string page = _folder["run/report.html"];
        ReportPage.Check(
            page, "pictures", "40 iterations", "Loss", "λ of the margin layer", "Learning rate", "Throughput",
            "images/s", "Test: loss",
            "Angles between samples and rows of W", "Angles of pairs in training batches",
            "This run has not been verified", "atl verify features.npy -pairs pairs.txt -run RUN_DIR -images IMAGES");
        ReportPage.CheckThatNothingCanBeLoaded(page);
    }

    [Test]
    public void TheEventFileOfARunHoldsScalarsHistogramsAndPictures()
    {
        Train(10, "-tensorboard", "events");
        List<EventRecord> events = EventFile.Read(Directory.GetFiles(_folder["events"]).Single());
        EventRecord[] scalars = [.. events.Where(one => one.Scalars.ContainsKey("loss"))];
        EventRecord[] details = [.. events.Where(one => one.Histograms.Count > 0)];
        Assert.That(scalars.Select(one => one.Step), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(scalars[0].Scalars.Keys,
            Does.Contain("learning_rate").And.Contain("lambda").And.Contain("speed/images_per_second"));
        Assert.That(events.Where(one => one.Scalars.ContainsKey("test/loss")).Select(one => one.Step),
            Is.EqualTo([0, 10]));
        Assert.That(details, Has.Length.EqualTo(10));
        // All eight samples are of one person, so none of their 28 pairs is of two.
        Assert.That(details[^1].Histograms["angles/own_centre"].Count, Is.EqualTo(8));
        Assert.That(details[^1].Histograms["angles/other_centre"].Count, Is.EqualTo(8));
        Assert.That(details[^1].Histograms["angles/genuine_pairs"].Count, Is.EqualTo(28));
        Assert.That(details[^1].Histograms.Keys,
            Does.Contain("weights/fc5/0").And.Not.Contain("angles/impostor_pairs"));
        Assert.That(details[^1].Images.Keys, Is.EqualTo(["data/0", "data/1", "data/2", "data/3"]));
    }

    [Test]
    public void AVerifiedRunThatGoesOn()
    {
        Train(20);
        WriteFaces("lfw", 0.8, "first.npy");
        WriteFaces("lfw", 0.3, "second.npy");
        Verify("first.npy", "-as", "iteration 10", "-pairs", "pairs.txt", "-images", "lfw");
        ProgramResult second = Verify("second.npy", "-as", "iteration 20", "-pairs", "pairs.txt", "-images", "lfw");
        Assert.That(second.Errors,
            Does.Contain("run/verifications/iteration-20.json: ").And.Contain("atl report run writes the HTML report"));
        Verify("second.npy", "-all", "-bootstrap", "0");
        Assert.That(Directory.GetFiles(_folder["run/verifications"]).Select(Path.GetFileName),
            Does.Contain("second-all.json"));
        Assert.That(AtlProgram.Run(_folder.FullName, "report", "run").ExitCode, Is.Zero);
        string page = File.ReadAllText(_folder["run/report.html"]);
        Assert.That(page, Does.Contain("Training").And.Contain("20 iterations, verified 3 times"));

        // Training goes on, and its page keeps what was verified.
        Train(30, "-snapshot", "out_iter_20.solverstate");
        string after = File.ReadAllText(_folder["run/report.html"]);
        Assert.That(after, Does.Contain("30 iterations, verified 3 times").And.Contain("Went on from"));
        Assert.That(AtlProgram.Run(_folder.FullName, "report", "run", "-out", "again.html").ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(_folder["again.html"]), Is.EqualTo(after),
            "the page of training holds what was trained before, too");
        ReportPage.Check(
            _folder["run/report.html"], "iteration 10", "iteration 20", "second-all", "pairs.txt of 6 identities",
            "all pairs of 6 identities",
            "Receiver operating characteristic", "false accept rate (logarithmic)", "TAR @ FAR = 0.01",
            "too few impostor pairs", "5-fold accuracy",
            "equal error rate", "angular Fisher score", "Angles between features",
            "Some identities in the plane", "Hardest pairs", "Different identities, smallest angles", "P0/P0_0001.png",
            "Confidence intervals: atl verify -bootstrap 400 draws them", " of the hardest pairs: ");
    }

    [Test]
    public void AFolderWithVerificationsAloneIsAPageToo()
    {
        WriteFaces("lfw", 0.3, "f.npy");
        Verify("f.npy", "-all");
        ProgramResult report = AtlProgram.Run(_folder.FullName, "report", "run", "-out", "page.html");
        Assert.That(report.ExitCode, Is.Zero, report.Errors);
        Assert.That(File.ReadAllText(_folder["page.html"]),
            Does.Contain("<h1>Verification</h1>").And.Contain("The course of training: "));
    }

    [Test]
    public void TwoVerificationsDoNotTakeOneName()
    {
        WriteFaces("lfw", 0.3, "f.npy");
        Directory.CreateDirectory(_folder["other"]);
        File.Copy(_folder["f.npy"], _folder["other/f.npy"]);
        Verify("f.npy", "-all", "-names", "f.txt");
        Verify("f.npy", "-all", "-names", "f.txt");
        ProgramResult other = AtlProgram.Run(_folder.FullName, "verify", "other/f.npy", "-all", "-names", "f.txt",
            "-run", "run");
        Assert.That((other.ExitCode, other.LastError), Is.EqualTo((1,
            "atl verify: run/verifications/f-all.json: is the verification of f.npy by all pairs, expected a name "
                + "of its own for this one: -as NAME")));
        Assert.That(Verify("other/f.npy", "-all", "-names", "f.txt", "-as", "other").ExitCode, Is.Zero);
    }

    [TestCase(2, "-as and -images go with -run RUN_DIR", "f.npy", "-all", "-images", "lfw")]
    [TestCase(1, "none: no such file or folder, expected an image, a folder of images or a list of paths", "f.npy",
    "-all", "-run", "run", "-images", "none")]
    public void WhatIsWrongIsExplained(int code, string message, params string[] arguments)
    {
        WriteFaces("lfw", 0.3, "f.npy");
        ProgramResult result = AtlProgram.Run(_folder.FullName, ["verify", .. arguments]);
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((code, (code == 2 ? "atl: " : "atl verify: ") + message)));
    }

    private void Train(int iterations, params string[] more)
    {
        File.WriteAllText(_folder["net.prototxt"], Net);
        File.WriteAllText(
            _folder["solver.prototxt"],
            $"""
            net: 'net.prototxt' base_lr: 0.05 lr_policy: 'step' gamma: 0.1 stepsize: 15 random_seed: 5 snapshot_prefix: 'out' max_iter: {iterations}
            display: 5 test_iter: 1 test_interval: 10
            """);
        ProgramResult train = AtlProgram.Run(_folder.FullName, ["train", "-solver", "solver.prototxt", "-run", "run",
            .. more]);
        Assert.That(train.ExitCode, Is.Zero, train.Errors);
    }

    private ProgramResult Verify(string features, params string[] more)
    {
        ProgramResult result = AtlProgram.Run(_folder.FullName, ["verify", features, "-run", "run", .. more]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return result;
    }

    // Images, features that are a direction for each person with noise, their names, and a list of pairs in five
    // folds.
    private void WriteFaces(string folder, double noise, string features)
    {
        Random random = new(3);
        Tensor rows = new(new Shape(People * ImagesOfEach, Features));
        using ElementLoan loan = rows.BorrowToWrite();
        Span<float> values = loan.Span;
        List<string> names = [], pairs = [];
        for (int person = 0; person < People; person++)
        {
            Directory.CreateDirectory(_folder[$"{folder}/P{person}"]);
            for (int image = 0; image < ImagesOfEach; image++)
            {
                names.Add($"P{person}/P{person}_{image + 1:D4}.png");
                byte[] pixels = new byte[3 * 40 * 32];
                random.NextBytes(pixels);
                pixels.AsSpan(40 * 32 * (person % 3), 40 * 32).Fill((byte)(60 * image));
                File.WriteAllBytes(_folder[$"{folder}/{names[^1]}"],
                    FaceImage.Png(new FaceSample(pixels, person, 3, 40, 32)));
                Span<float> row = values.Slice(((person * ImagesOfEach) + image) * Features, Features);
                for (int k = 0; k < Features; k++)
                    row[k] = (float)((k == person ? 1 : 0) + (noise * (random.NextDouble() - 0.5)));
                if (image > 0)
                {
                    pairs.Add($"{names[^2]} {names[^1]} 1 {person % 5}");
                    pairs.Add($"{names[^1]} P{(person + image) % People}/P{(person + image) % People}_0001.png 0 "
                        + $"{person % 5}");
                }
            }
        }
        NpyFile.Write(_folder[features], rows);
        File.WriteAllLines(_folder[Path.ChangeExtension(features, ".txt")],
            names.Select((name, i) => $"{name}\t{i / ImagesOfEach}"));
        File.WriteAllLines(_folder["pairs.txt"], pairs);
    }
}
