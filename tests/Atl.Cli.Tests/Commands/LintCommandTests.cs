using Atl.Proto;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Commands;

public sealed class LintCommandTests : FolderFixture
{
    private const string OldNet = """
        name: "old"
        input: "data"
        input_dim: 1
        input_dim: 3
        input_dim: 8
        input_dim: 8
        layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1 blobs_lr: 2 convolution_param { num_output: 4 kernel_size: 3 } }
        layers { name: "cat" type: CONCAT bottom: "conv" top: "cat" concat_param { concat_dim: 1 } }
        """;

    [Test]
    public void DeprecatedFieldsAreNamedWithTheirPlaceAndReplacement()
    {
        File.WriteAllText(_folder["old.prototxt"], OldNet);
        ProgramResult result = Lint("old.prototxt");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output,
            Does.Contain("old.prototxt:2:1: deprecated: NetParameter.input, today layer { type: \"Input\" }"));
        Assert.That(result.Output,
            Does.Contain("old.prototxt:7:1: deprecated: NetParameter.layers (2 times), today layer { type: \"…\" }"));
        Assert.That(result.Output,
            Does.Contain("old.prototxt:7:68: deprecated: layers.blobs_lr (2 times), today param { lr_mult: … }"));
        Assert.That(result.Output, Does.Contain("old.prototxt:8:76: deprecated: concat_param.concat_dim, today axis"));
        Assert.That(result.Output, Does.Match("old.prototxt +net +built +TRAIN built, TEST built"));
    }

    [Test]
    public void FixWritesAFileInTodaysFormatThatLintHasNothingAgainst()
    {
        File.WriteAllText(_folder["old.prototxt"],
            "# kept\n"
                + OldNet.Replace("layers { name: \"cat\" type: CONCAT bottom: \"conv\" top: \"cat\" concat_param { "
                + "concat_dim: 1 } }", "# this too"));
        Assert.That(Lint("old.prototxt", "-fix").ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(_folder["old.prototxt"]), Does.Contain("blobs_lr"), "the file itself stays");
        Assert.That(Lint("old.upgraded.prototxt").Output,
            Does.Not.Contain("deprecated").And.Contain("TRAIN built, TEST built"));
        Assert.That(File.ReadAllText(_folder["old.upgraded.prototxt"]),
            Does.StartWith("# kept").And.Contain("# this too"));
        Assert.That(Lint("old.prototxt", "-fix", "-in_place").ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(_folder["old.prototxt"]),
            Is.EqualTo(File.ReadAllText(_folder["old.upgraded.prototxt"])));
    }

    [TestCase("layer { name: 'x' type: 'Relu' }", "unknown layer",
        "bad.prototxt:1:1: layer 'x' (Relu): unknown layer type 'Relu', did you mean 'ReLU'?")]
    [TestCase("layer { nme: 'x' }", "error",
    "bad.prototxt:1:9: 'nme' is not a field of LayerParameter, did you mean 'name'?")]
    [TestCase("base_lr: 0.1\nlr_polcy: 'fixed'", "error",
    "bad.prototxt:2:1: 'lr_polcy' is not a field of SolverParameter, did you mean 'lr_policy'?")]
    [TestCase("net: 'absent.prototxt' base_lr: 0.1 lr_policy: 'fixed'", "needs a file",
    "bad.prototxt:1:1: names absent.prototxt: not here")]
    [TestCase("base_lr: 0.1 lr_policy: 'fixed'\n train_net: 'a'\ntest_net: 'b' test_net: 'a' test_iter: 1 "
        + "test_iter: 1 test_interval: 5", "needs a file",
        "bad.prototxt:2:2: names a, b: not here")]
    public void WhatIsWrongIsNamedWithItsPlace(string text, string status, string message)
    {
        File.WriteAllText(_folder["bad.prototxt"], text);
        ProgramResult result = Lint(".");
        Assert.That(result.Output, Does.Contain(message).And.Contain($"1 file: 1 {status}"));
        Assert.That(result.ExitCode, Is.EqualTo(status == "needs a file" ? 0 : 1));
    }

    [Test]
    public void NetsCalledPtAreReadAndPyTorchsWeightsAreNot()
    {
        File.WriteAllText(_folder["net.pt"], "layer { name: 'x' type: 'Relu' }");
        File.WriteAllBytes(_folder["weights.pt"], [0x50, 0x4B, 3, 4, 0, 0]);
        File.WriteAllBytes(_folder["old_weights.pt"], [0x80, 2, 0x8A]);
        Assert.That(Lint(".").Output,
            Does.Contain("net.pt:1:1: layer 'x' (Relu)").And.Contain("1 file: 1 unknown layer"));
    }

    [Test]
    public void ANumberThatNoLayerTakesSpoilsItsOwnFileAlone()
    {
        const string Input =
            "layer { name: 'in' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 dim: 6 dim: 6 } } }\n";
        File.WriteAllText(_folder["good.prototxt"], Input);
        File.WriteAllText(_folder["pad.prototxt"],
            $"{Input}layer {{ name: 'l' type: 'Pooling' bottom: 'x' top: 'y' pooling_param {{ kernel_size: "
                + $"4294967295 pad: 4294967294 }} }}");
        File.WriteAllText(_folder["sum.prototxt"], $$"""
            layer { name: 'in' type: 'Input' top: 'a' top: 'b' input_param { shape { dim: 1 dim: 2147483647 } shape { dim: 1 dim: 9 } } }
            layer { name: 'c' type: 'Concat' bottom: 'a' bottom: 'b' top: 'c' }
            """);
        ProgramResult result = Lint(".");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output,
            Does.Contain("good.prototxt  net   built").And.Contain("3 files: 1 built, 2 error").And.Contain(
            "pad.prototxt:2:72: layer 'l' (Pooling): pooling_param.kernel_size is 4294967295, expected at most "
                + "2147483647").And.Contain(
            "sum.prototxt:2:1: layer 'c' (Concat): concat_param: the size of axis 1 is 2147483647 + 9 = 2147483656, "
                + "expected at most 2147483647"));
    }

    [Test]
    public void AllUnknownFieldsAndLayersOfAFileAreNamedAtOnce()
    {
        File.WriteAllText(_folder["net.prototxt"], """
            shiny: 1
            layer { name: 'i' type: 'Input' top: 'x' input_param { shape { dim: 1 } } transform_param { crop_h: 3 } }
            layer { name: 'a' type: 'Relu' bottom: 'absent' top: 'a' dull: 2 }
            layer { name: 'b' type: 'GlobalLSEMargin' bottom: 'a' top: 'b' }
            """);
        ProgramResult result = Lint("net.prototxt");
        foreach (string line in new[]
                 {
                     "net.prototxt:1:1: 'shiny' is not a field of NetParameter [error]",
                     "net.prototxt:2:93: 'crop_h' is a field of SSD's Caffe (weiliu89/caffe): crops here are "
                         + "squares: give crop_size [error]",
                     "net.prototxt:3:58: 'dull' is not a field of LayerParameter [error]",
                     "net.prototxt:3:1: layer 'a' (Relu): unknown layer type 'Relu', did you mean 'ReLU'? [error]",
                     "net.prototxt:4:1: layer 'b' (GlobalLSEMargin): unknown layer type 'GlobalLSEMargin': it is "
                         + "one of happynear/caffe-windows",
                 })
            Assert.That(result.Output, Does.Contain(line));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        ProgramResult test = AtlProgram.Run(_folder.FullName, "time", "-model", "net.prototxt");
        Assert.That(test.Errors,
            Does.Contain("net.prototxt:1:1: 'shiny'").And.Contain("net.prototxt:2:93: 'crop_h'").And.Contain(
                "net.prototxt:3:58: 'dull'"));
    }

    [Test]
    public void FixGoesOnAfterAFileThatItCannotWrite()
    {
        File.WriteAllText(_folder["a.prototxt"], OldNet);
        File.WriteAllText(_folder["b.prototxt"], "default_forward_type: FLOAT16\n" + OldNet);
        File.WriteAllText(_folder["c.prototxt"], OldNet);
        ProgramResult result = Lint(".", "-fix");
        Assert.That((result.ExitCode, result.LastError),
            Is.EqualTo((1, "atl lint: 1 not written in the current format")));
        Assert.That(result.Errors,
            Does.Contain("b.prototxt: not written in the current format, for the fields that are unknown here would be "
                + "lost"));
        Assert.That(new[] { "a", "b", "c" }.Select(name => File.Exists(_folder[$"{name}.upgraded.prototxt"])),
            Is.EqualTo([true, false, true]));
    }

    [Test]
    [Platform("Unix")]
    public void LinkedFoldersAreCheckedOnce()
    {
        Directory.CreateDirectory(_folder["models/deep"]);
        File.WriteAllText(_folder["models/deep/a.prototxt"], OldNet);
        Directory.CreateSymbolicLink(_folder["models/deep/back"], _folder["models"]);
        Directory.CreateSymbolicLink(_folder["models/again"], _folder["models/deep"]);
        Directory.CreateSymbolicLink(_folder["elsewhere"], _folder["models/deep"]);
        Assert.That(Lint("models").Output, Does.Contain("models/deep/a.prototxt").And.Contain("1 file: 1 built"));
        Assert.That(Lint("elsewhere").Output, Does.Contain("elsewhere/a.prototxt").And.Contain("1 file: 1 built"));
    }

    [Test]
    public void AShapeThatNothingTellsIsAskedForAndIsNoError()
    {
        File.WriteAllText(_folder["net.prototxt"], """
            layer { name: 'data' type: 'Data' top: 'data' data_param { source: 'absent' batch_size: 8 } }
            layer { name: 'r' type: 'Reshape' bottom: 'data' top: 'r' reshape_param { shape { dim: 8 dim: 12345 } } }
            """);
        ProgramResult result = Lint("net.prototxt");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output,
            Does.Contain("-shapes data=8,C,H,W [needs a shape]").And.Contain("1 file: 1 needs a shape"));
        Assert.That(Lint("net.prototxt", "-shapes", "data=8,5,2469,1").Output, Does.Contain("1 file: 1 built"));
    }

    [Test]
    public void WhatANetWouldLackOfTrainedWeightsIsNamed()
    {
        const string Input = "layer { name: 'i' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 3 } } }\n";
        const string Net = Input + """
            layer { name: 'a' type: 'InnerProduct' bottom: 'x' top: 'a' inner_product_param { num_output: 2 } }
            layer { name: 'b' type: 'InnerProduct' bottom: 'x' top: 'b' inner_product_param { num_output: 2 } }
            """;
        File.WriteAllText(_folder["net.prototxt"], Net);
        NetParameter stored = new();
        LayerParameter layer = new() { Name = "a", Type = "InnerProduct" };
        layer.Blobs.Add(new BlobProto { Shape = new BlobShape { Dim = { 2, 3 } }, Data = { 0, 0, 0, 0, 0, 0 } });
        layer.Blobs.Add(new BlobProto { Shape = new BlobShape { Dim = { 2 } }, Data = { 0, 0 } });
        stored.Layer.Add(layer);
        ProtoFiles.WriteNetBinary(_folder["w.caffemodel"], stored);
        ProgramResult result = Lint("net.prototxt", "-weights", "w.caffemodel");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output,
            Does.Contain("net.prototxt:3:1: layer 'b' (InnerProduct): finds no weights (TEST) [weights]"));
        File.WriteAllText(_folder["net.prototxt"], Net.Replace("num_output: 2", "num_output: 5"));
        ProgramResult other = Lint("net.prototxt", "-weights", "w.caffemodel");
        Assert.That(other.ExitCode, Is.EqualTo(1));
        Assert.That(other.Output, Does.Contain(
            "layer 'a' (InnerProduct): w.caffemodel: parameter 0 of the weights has shape 2 3 (6), the net's has 5 "
                + "3 (15) [error]"));
    }

    [Test]
    public void ALabelMapBesideTheNetsIsNoNet()
    {
        File.WriteAllText(_folder["labelmap.prototxt"],
            "item { name: 'none' label: 0 display_name: 'background' } item { name: 'face' label: 1 }");
        ProgramResult result = Lint(".");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Match(@"labelmap\.prototxt +label map +built"));
        File.WriteAllText(_folder["labelmap.prototxt"], "item { name: 'none' lable: 0 }");
        Assert.That(Lint(".").ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void UnknownFieldsArePassedOverOnRequest()
    {
        File.WriteAllText(_folder["net.prototxt"], "name: 'n' shiny: 3");
        Assert.That(Lint("net.prototxt").ExitCode, Is.EqualTo(1));
        ProgramResult result = Lint("net.prototxt", "--allow-unknown-fields", "-json");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(result.Output,
            Does.Contain("\"status\": \"built\"").And.Contain("'shiny' is not a field of NetParameter (ignored)"));
        File.WriteAllText(_folder["old.prototxt"], "shiny: 3\n" + OldNet);
        ProgramResult fix = Lint("old.prototxt", "--allow-unknown-fields", "-fix", "-in_place");
        Assert.That((fix.ExitCode, fix.LastError),
            Is.EqualTo((1, "atl lint: 1 not written in the current format")));
        Assert.That(fix.Errors,
            Does.Contain("old.prototxt: not written in the current format, for the fields that are unknown here would "
                + "be lost"));
        Assert.That(File.ReadAllText(_folder["old.prototxt"]), Does.StartWith("shiny: 3"));
        File.WriteAllText(_folder["solver.prototxt"],
            "net: 'absent.prototxt' base_lr: 0.1 lr_policy: 'fixed' shiny: 3");
        Assert.That(Lint("solver.prototxt", "--allow-unknown-fields").Output,
            Does.Match("solver.prototxt +solver +needs a file"));
    }

    [Test]
    public void AStageThatANetCannotDoWithoutIsTried()
    {
        File.WriteAllText(_folder["net.prototxt"], """
            layer { name: 'a' type: 'Input' top: 'x' include { phase: TRAIN } input_param { shape { dim: 1 } } }
            layer { name: 'b' type: 'Input' top: 'x' include { phase: TEST stage: 'val' } input_param { shape { dim: 2 } } }
            layer { name: 'c' type: 'ReLU' bottom: 'x' top: 'y' }
            """);
        Assert.That(Lint("net.prototxt").Output, Does.Contain("TRAIN built, TEST (val) built"));
    }

    private ProgramResult Lint(params string[] arguments) => AtlProgram.Run(_folder.FullName, ["lint", .. arguments]);
}
