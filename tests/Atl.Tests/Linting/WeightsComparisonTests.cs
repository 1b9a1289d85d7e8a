using Atl.Linting;
using Atl.Nets;
using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Tests.Linting;

/// <summary>What of a net trained weights would leave without.</summary>
public sealed class WeightsComparisonTests : FolderFixture
{
    private const string Net = """
        layer { name: 'i' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 3 } } }
        layer { name: 'a' type: 'InnerProduct' bottom: 'x' top: 'a' inner_product_param { num_output: 2 } param { name: 'w' } param { name: 'b' } }
        layer { name: 'r' type: 'ReLU' bottom: 'a' top: 'a' }
        layer { name: 'b' type: 'InnerProduct' bottom: 'a' top: 'b' inner_product_param { num_output: 4 bias_term: false } }
        layer { name: 'c' type: 'InnerProduct' bottom: 'x' top: 'c' inner_product_param { num_output: 2 } param { name: 'w' } param { name: 'b' } }

        """;

    private const string A = "layer { name: 'a' blobs { shape { dim: 2 dim: 3 } data: [0, 0, 0, 0, 0, 0] } blobs { "
        + "shape { dim: 2 } data: [0, 0] } }";

    [Test]
    public void MissingAndIgnoredLayersAreNamed()
    {
        LintedFile file = Check(A
            + "layer { name: 'gone' blobs { shape { dim: 1 } data: 1 } } layer { name: 'plain' }");
        Assert.That(file.Status, Is.EqualTo(LintStatus.Built), file.Message);
        foreach (LintedWeights weights in file.Nets.Select(net => net.Weights!))
        {
            Assert.That(weights.Missing,
                Is.EqualTo([$"{_folder["net.prototxt"]}:4:1: layer 'b' (InnerProduct): finds no weights"]));
            Assert.That(weights.Ignored, Is.EqualTo(["gone"]));
            Assert.That(weights.Misfits, Is.Empty);
        }
    }

    [TestCase("layer { name: 'b' blobs { shape { dim: 4 dim: 3 } data: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] } }",
        "parameter 0 of the weights has shape 4 3 (12), the net's has 4 2 (8)")]
    [TestCase("layer { name: 'b' blobs { shape { dim: 4 dim: 2 } data: [0, 0, 0, 0, 0, 0, 0, 0] } blobs { shape { "
        + "dim: 4 } data: [0, 0, 0, 0] } }",
        "the weights have 2 parameters, the net has 1")]
    public void WeightsThatDoNotFitAreAnError(string stored, string message)
    {
        LintedFile file = Check(A + stored);
        Assert.That(file.Status, Is.EqualTo(LintStatus.Error));
        Assert.That(file.Message,
            Is.EqualTo($"{_folder["net.prototxt"]}:4:1: layer 'b' (InnerProduct): w.caffemodel: {message}"));
    }

    private LintedFile Check(string weights)
    {
        File.WriteAllText(_folder["net.prototxt"], Net);
        WeightsComparison comparison = new([new WeightsFile("w.caffemodel", TextFormat.Parse<NetParameter>(weights))]);
        return new Linter(allowUnknownFields: false, weights: comparison).Check(_folder["net.prototxt"]);
    }
}
