using System.Xml.Linq;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

public sealed class DrawNetCommandTests : FolderFixture
{
    private const string Net = """
        name: "small"
        layer { name: "d" type: "Data" top: "data" include { phase: TRAIN } data_param { batch_size: 8 } }
        layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" param { lr_mult: 2 } convolution_param { num_output: 4 kernel_size: 3 pad: 1 } }
        layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
        layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool" pooling_param { pool: AVE kernel_size: 2 stride: 2 } }
        """;

    [SetUp]
    public void WriteNet() => File.WriteAllText(_folder["net.prototxt"], Net);

    /// <summary>Colours, shapes and labels of python/caffe/draw.py.</summary>
    [Test]
    public void DotHasCaffesColoursAndLabels()
    {
        Draw("net.dot", "-display_lrm");
        string dot = File.ReadAllText(_folder["net.dot"]);
        Assert.That(dot, Does.StartWith("digraph \"small\" {\nrankdir=LR;\n"));
        Assert.That(dot,
            Does.Contain("\"conv_Convolution\" [label=\"conv\\n(Convolution)\\nkernel size: 3\\nstride: 1\\npad: "
                + "1\\nlr mult: 2.0, "
            + "1.0\", shape=record, style=filled, fillcolor=\"#FF5050\"]"));
        Assert.That(dot,
            Does.Contain("\"relu_ReLU\" [label=\"relu\\n(ReLU)\", shape=record, style=filled, fillcolor=\"#90EE90\"]"));
        Assert.That(dot, Does.Contain(
            "label=\"pool\\n(Pooling AVE)\\nkernel size: 2\\nstride: 2\\npad: 0\", shape=record, style=filled, "
                + "fillcolor=\"#FF9900\""));
        Assert.That(dot,
            Does.Contain("\"conv_blob\" [label=\"conv\", shape=octagon, style=filled, fillcolor=\"#E0E0E0\"]"));
        Assert.That(dot, Does.Contain("\"pool_blob\" [label=\"pool\", shape=ellipse]"));
        Assert.That(dot, Does.Contain("\"d_Data\" -> \"data_blob\" [label=\"Batch 8\"]").And.Contain(
            "\"conv_Convolution\" -> \"conv_blob\" [label=\"4\"]"));
    }

    [Test]
    public void OnlyLayersOfThePhaseAreDrawn()
    {
        Draw("net.dot", "-phase", "TEST", "-rankdir", "TB");
        Assert.That(File.ReadAllText(_folder["net.dot"]),
            Does.Not.Contain("d_Data").And.Contain("rankdir=TB").And.Contain("conv (Convolution) kernel size: 3"));
    }

    [TestCase("LR")]
    [TestCase("BT")]
    public void SvgIsDrawnWithOrWithoutGraphviz(string direction)
    {
        Draw("net.svg", "-rankdir", direction);
        XDocument svg = XDocument.Load(_folder["net.svg"]);
        string[] words = [.. svg.Descendants().Where(element => element.Name.LocalName == "text")
            .Select(element => element.Value.Trim())];
        foreach (string word in new[] { "data", "pool", "Batch 8" }) Assert.That(words, Does.Contain(word));
    }

    private void Draw(string path, params string[] flags)
    {
        ProgramResult result = AtlProgram.Run(_folder.FullName, ["draw_net", "net.prototxt", path, .. flags]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
    }
}
