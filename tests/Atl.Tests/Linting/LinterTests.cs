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
            bool sound = file.Status == LintStatus.Built || (file.Kind == "solver" && file.Status == LintStatus.NeedsFile)
                || (file.Status == LintStatus.UnknownLayer && path.EndsWith("linreg.prototxt", StringComparison.Ordinal));
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
        Assert.That(file.Notes, Has.One.Contains("'data' 4 1 28 28 (absent: not here; 1 channels and height and width 28 assumed)"));
    }
    [Test]
    public void SeveralLabelsOfAListAreGenerated()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], """
            layer { name: 'd' type: 'ImageData' top: 'data' top: 'points' image_data_param { source: 'absent.txt' batch_size: 4 new_height: 12 new_width: 12 labels: 10 } }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { num_output: 10 } }
            layer { name: 'l' type: 'EuclideanLoss' bottom: 'ip' bottom: 'points' top: 'l' }
            """);
        LintedFile file = new Linter(allowUnknownFields: false).Check(folder["net.prototxt"]);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        Assert.That(file.Notes, Has.One.Contains("'data' 4 3 12 12, 'points' 4 10 (absent.txt: not here)"));
    }
}
