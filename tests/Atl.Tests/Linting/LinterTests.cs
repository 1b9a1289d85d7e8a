using Atl.Linting;
using Atl.TestSupport;

namespace Atl.Tests.Linting;

public sealed class LinterTests
{
    /// <summary>BVLC's examples and models: every net is built in both phases, and no solver is wrong.</summary>
    [Test]
    public void BvlcsExamplesAndModelsAreSound()
    {
        string folder = TestData.Require("prototxt", "BVLC+caffe");
        Linter linter = new(allowUnknownFields: false);
        List<string> wrong = [];
        int nets = 0;
        foreach (string path in Directory.EnumerateFiles(folder, "*.prototxt", SearchOption.AllDirectories))
        {
            LintedFile file = linter.Check(path);
            nets += file.Kind == "net" ? 1 : 0;
            // linreg's loss is a Python layer; solvers name their nets from Caffe's own folder.
            bool sound = file.Status == LintStatus.Built
                || (file.Kind == "solver" && file.Status == LintStatus.NeedsFile)
                || (file.Status == LintStatus.UnknownLayer
                    && path.EndsWith("linreg.prototxt", StringComparison.Ordinal));
            if (!sound) wrong.Add(file.Message);
        }
        Assert.That(wrong, Is.Empty);
        Assert.That(nets, Is.GreaterThan(25));
    }

    [Test]
    public void ANetThatFitsOneImageSizeAloneIsBuiltWithThatSize()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], """
            layer { name: 'd' type: 'Data' top: 'data' data_param { source: 'absent' batch_size: 4 } }
            layer { name: 't' type: 'Input' top: 'target' input_param { shape { dim: 4 dim: 784 } } }
            layer { name: 'f' type: 'Flatten' bottom: 'data' top: 'flat' }
            layer { name: 'l' type: 'EuclideanLoss' bottom: 'flat' bottom: 'target' top: 'l' }
            """);
        LintedFile file = new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Notes,
            Has.One.Contains("'data' 4 1 28 28 (absent: not here; 1 channels and height and width 28 assumed)"));
    }

    [Test]
    public void AFileWithLayersIsANetHoweverManyFieldsArePassedOver()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"],
            "layer { name: 'i' typ: 'Input' type: 'Input' top: 'x' input_param { shap { dim: 3 } shape { dim: 2 } } }");
        LintedFile file = new Linter(allowUnknownFields: true).Check(folder["net.prototxt"]);
        Assert.That((file.Kind, file.Status), Is.EqualTo(("net", LintStatus.Built)), file.Message);
    }

    [TestCase("type: 'AdaGrad' momentum: 0.9", "momentum cannot be used with AdaGrad")]
    [TestCase("iter_size: 0", "iter_size must be 1 or more, found 0")]
    [TestCase("max_iter: -3", "max_iter must be 0 or more, found -3")]
    [TestCase("snapshot: -1", "snapshot must be 0 or more, found -1")]
    [TestCase("regularization_type: 'l2' weight_decay: 0.1", "unknown regularization_type 'l2'")]
    public void ASolverThatTrainingRefusesIsAnError(string settings, string message)
    {
        LintedFile file = CheckSolver(settings);
        Assert.That((file.Kind, file.Status), Is.EqualTo(("solver", LintStatus.Error)), file.Message);
        Assert.That(file.Message, Does.Contain("solver.prototxt:1:").And.Contain(message));
    }

    [TestCase("", "max_iter is not given and therefore 0: nothing will be trained")]
    [TestCase("max_iter: 3 test_interval: 1", "test_interval is given without test_iter: nothing will be tested")]
    public void ASolverThatDoesLessThanItSeemsToIsNoted(string settings, string note)
    {
        LintedFile file = CheckSolver(settings);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Notes, Has.One.Match($@"solver\.prototxt:1:\d+: {note}$"));
    }

    private static LintedFile CheckSolver(string settings)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"],
            "layer { name: 'd' type: 'DummyData' top: 'data' dummy_data_param { shape { dim: 2 } } }");
        File.WriteAllText(folder["solver.prototxt"], $"net: 'net.prototxt' base_lr: 1 lr_policy: 'fixed' {settings}");
        return new Linter(allowUnknownFields: false).Check(folder["solver.prototxt"]);
    }

    [Test]
    [Platform("Unix")]
    public void ANetNamedWithWindowsSeparatorsIsAdvised()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["solver.prototxt"],
            @"net: 'models\\net.prototxt' base_lr: 1 lr_policy: 'fixed' max_iter: 1");
        LintedFile file = new Linter(allowUnknownFields: false).Check(folder["solver.prototxt"]);
        Assert.That(file.Status, Is.EqualTo(LintStatus.NeedsFile));
        Assert.That(file.Message,
            Does.EndWith(@"names models\net.prototxt: not here; write / for each \ of a path here"));
    }

    [TestCase("layer { name: 'y' bottom: 'd' top: 'a' }",
        "layer 'y' (): no type is given, expected one as type: \"ReLU\"")]
    [TestCase("layers { name: 'y' type: CROP bottom: 'd' top: 'a' }", "layer { type: \"…\" }")]
    public void ALayerWithoutATypeIsToldOnce(string layer, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], $"input: 'd' input_shape {{ dim: 2 }} {layer}");
        LintedFile file = new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]);
        Assert.That(file.Status, Is.EqualTo(file.Message.Contains("no type", StringComparison.Ordinal)
            ? LintStatus.UnknownLayer : LintStatus.Error));
        Assert.That(file.Message, Does.EndWith(message).And.Not.Contain("\n"));
    }

    [Test]
    public void AFileWithoutLayersIsNoted()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], "# nothing yet\n");
        Assert.That(new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]).Notes,
            Has.One.EndsWith("net.prototxt: the net has no layers"));
    }

    [TestCase("TRAIN", "TEST")]
    [TestCase("TEST", "TRAIN")]
    public void ANetOfOnePhaseAloneIsNoErrorInTheOther(string phase, string other)
    {
        using TemporaryFolder folder = new();
        string net = $$"""
            layer { name: 'd' type: 'Data' top: 'data' data_param { source: 'absent' batch_size: 4 } include { phase: {{phase}} } }
            layer { name: 'a' type: 'AbsVal' bottom: 'data' top: 'a' }

            """;
        File.WriteAllText(folder["net.prototxt"], net);
        LintedFile file = new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Nets.Select(built => (built.Phase, built.Status)),
            Is.EquivalentTo(new[] { (phase, LintStatus.Built), (other, LintStatus.OtherPhase) }));

        File.WriteAllText(folder["net.prototxt"], net
            + "layer { name: 'i' type: 'Input' top: 'i' input_param { shape { dim: 1 } } }");
        Assert.That(new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]).Status,
            Is.EqualTo(LintStatus.Error),
            "the other phase has an input of its own");
        File.WriteAllText(folder["net.prototxt"], "layer { name: 'a' type: 'AbsVal' bottom: 'data' top: 'a' }");
        Assert.That(new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]).Status,
            Is.EqualTo(LintStatus.Error), "neither phase has data");
    }

    [Test]
    public void SsdsTrainingNetIsReadAndItsLayersAreNamed()
    {
        string path = TestData.Require("prototxt", "chuanqi305+MobileNet-SSD", "voc", "MobileNetSSD_train.prototxt");
        LintedFile file = new Linter(allowUnknownFields: false).Check(path);
        Assert.That((file.Kind, file.Status), Is.EqualTo(("net", LintStatus.UnknownLayer)), file.Message);
        Assert.That(file.Nets.Select(net => (net.Phase, net.Status)),
            Is.EqualTo([("TRAIN", LintStatus.UnknownLayer), ("TEST", LintStatus.OtherPhase)]));
        Assert.That(file.Message,
            Does.EndWith("unknown layer type 'MultiBoxLoss': it is one of SSD's Caffe (weiliu89/caffe) and not here"));
        foreach (string note in new[]
                 {
                     "'resize_param' is a field of SSD's Caffe (weiliu89/caffe)",
                     "'multibox_loss_param' is a field of SSD's Caffe (weiliu89/caffe)",
                     "layer 'data' (AnnotatedData): generated data",
                 })
            Assert.That(file.Notes, Has.Some.Contains(note));
    }

    [Test]
    public void SeveralLabelsOfAListAreGenerated()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], """
            layer { name: 'd' type: 'ImageData' top: 'data' top: 'points'
              image_data_param { source: 'absent.txt' batch_size: 4 new_height: 12 new_width: 12 labels: 10 } }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { num_output: 10 } }
            layer { name: 'l' type: 'EuclideanLoss' bottom: 'ip' bottom: 'points' top: 'l' }
            """);
        LintedFile file = new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Notes, Has.One.Contains("'data' 4 3 12 12, 'points' 4 10 (absent.txt: not here)"));
    }
}
