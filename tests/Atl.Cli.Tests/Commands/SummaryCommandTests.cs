using System.Text.Json;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

/// <summary>atl summary against published counts of multiply-adds and parameters.</summary>
public sealed class SummaryCommandTests
{
    /// <summary>
    /// He et al. 2016 (table 1: 3.8, 7.6, 11.3 · 10⁹); GoogLeNet: Szegedy et al. 2015 (1.5 · 10⁹, about); SqueezeNet:
    /// 1.72 GFLOPs of two operations each, its authors.
    /// </summary>
    [TestCase("KaimingHe+deep-residual-networks/prototxt/ResNet-50-deploy.prototxt", 3.86e9, 0.01)]
    [TestCase("KaimingHe+deep-residual-networks/prototxt/ResNet-101-deploy.prototxt", 7.6e9, 0.01)]
    [TestCase("KaimingHe+deep-residual-networks/prototxt/ResNet-152-deploy.prototxt", 11.3e9, 0.01)]
    [TestCase("forresti+SqueezeNet/SqueezeNet_v1.0/deploy.prototxt", 0.86e9, 0.03)]
    public void MultiplyAddsAreThePublishedOnes(string net, double published, double tolerance)
    {
        using JsonDocument summary = Summary(TestData.Require("prototxt", net));
        double batch = summary.RootElement.GetProperty("layers")[0].GetProperty("tops")[0].GetProperty("shape")[0]
            .GetInt32();
        Assert.That(summary.RootElement.GetProperty("multiply_adds").GetInt64() / batch,
            Is.EqualTo(published).Within(tolerance * published));
    }

    [Test]
    public void ATableShowsLayersAndTotals()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], """
            name: "small"
            layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 8 dim: 8 } } }
            layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 3 group: 1 } }
            layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
            layer { name: "up" type: "Deconvolution" bottom: "conv" top: "up" convolution_param { num_output: 5 kernel_size: 2 stride: 2 bias_term: false } }
            layer { name: "ip" type: "InnerProduct" bottom: "up" top: "ip" inner_product_param { num_output: 10 } }
            """);
        ProgramResult result = AtlProgram.Run(folder.FullName, "summary", "net.prototxt", "-shapes", "data=1,3,8,8");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        // conv: 4·6·6 outputs of 3·3·3; up: 4·6·6 inputs of 5·2·2; ip: 5·12·12 inputs, 10 outputs.
        Assert.That(result.Output, Does.Match(@"conv +Convolution +conv 1 4 6 6 +112 +3,888 +0\.6 KiB"));
        Assert.That(result.Output, Does.Match(@"relu +ReLU +conv 1 4 6 6\n"));
        Assert.That(result.Output, Does.Match(@"up +Deconvolution +up 1 5 12 12 +80 +2,880 +2\.8 KiB"));
        Assert.That(result.Output, Does.Match(@"ip +InnerProduct +ip 1 10 +7,210 +7,200 +0\.0 KiB"));
        Assert.That(result.Output,
            Does.Contain("parameters      7,402 ").And.Contain("multiply-adds   13,968 per forward pass"));
    }

    [Test]
    public void WhatIsAssumedOfDataThatIsNotHereIsSaid()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"],
            "layer { name: 'd' type: 'Data' top: 'data' top: 'label' data_param { source: 'absent' batch_size: 4 } }");
        ProgramResult result = AtlProgram.Run(folder.FullName, "summary", "net.prototxt");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Errors,
            Does.Contain("net.prototxt:1:1: layer 'd' (Data): generated data 'data' 4 3 256 256, 'label' 4 (absent: "
            + "not here; 3 channels and height and width 256 assumed)"));
        Assert.That(AtlProgram.Run(folder.FullName, "summary", "net.prototxt", "-shapes", "dta=1").LastError,
            Does.Contain("'dta', which is not the top of an input or data layer, did you mean 'data'?"));
    }

    [Test]
    public void ALabelHasTheShapeThatItsLossAsksFor()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["net.prototxt"], """
            layer { name: 'd' type: 'HDF5Data' top: 'data' top: 'label' hdf5_data_param { source: 'absent' batch_size: 4 } }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'data' top: 'ip' inner_product_param { num_output: 10 } }
            layer { name: 'l' type: 'EuclideanLoss' bottom: 'ip' bottom: 'label' top: 'l' }
            """);
        ProgramResult result = AtlProgram.Run(folder.FullName, "summary", "net.prototxt", "-phase", "TRAIN");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Contain("label 4 10"));
    }

    private static JsonDocument Summary(string net)
    {
        ProgramResult result = AtlProgram.Run(Path.GetTempPath(), "summary", net, "-json");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return JsonDocument.Parse(result.Output);
    }
}
