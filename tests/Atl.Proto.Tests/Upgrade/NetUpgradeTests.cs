using Atl.TestSupport;

namespace Atl.Proto.Tests.Upgrade;

/// <summary>Inputs at net level, BatchNorm's params, mem_param.</summary>
public sealed class NetUpgradeTests
{
    [Test]
    [CaffeBehaviour(CaffeBehaviour.InputsOfTheNet)]
    public void InputDimsBecomeAnInputLayer()
    {
        List<string> notes = [];
        NetParameter net =
            TextFormat.Parse<NetParameter>("name: 'n'\ninput: 'a' input: 'b' input_dim: [1, 2, 3, 4, 5, 6, 7, "
                + "8]\nlayer { name: 'l' }", "f");
        NetUpgrade.Apply(net, notes.Add);
        Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>(
            "name: 'n' layer { name: 'input' type: 'Input' top: 'a' top: 'b' input_param { shape { dim: [1, 2, 3, "
                + "4] } shape { dim: [5, 6, 7, 8] } } } layer { name: 'l' }")));
        Assert.That(SourceMap.Find(net.Layer[0])!.Value.ToString(), Is.EqualTo("f:2:1"));
        Assert.That(notes, Is.EqualTo(["f: moved 2 inputs of the net into an Input layer"]));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.InputsOfTheNet)]
    public void InputShapesBecomeAnInputLayer()
    {
        NetParameter net = TextFormat.Parse<NetParameter>("input: 'a' input_shape { dim: [2, 5] }");
        NetUpgrade.Apply(net);
        Assert.That(net,
            Is.EqualTo(TextFormat.Parse<NetParameter>("layer { name: 'input' type: 'Input' top: 'a' input_param { "
                + "shape { dim: [2, 5] } } }")));
    }

    [Test]
    public void InputsWithoutAnyShapeAreTakenAway()
    {
        List<string> notes = [];
        NetParameter net =
            TextFormat.Parse<NetParameter>("name: 'n'\ninput: 'a' input: 'b'\nlayer { name: 'l' bottom: 'a' }", "f");
        NetUpgrade.Apply(net, notes.Add);
        Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>("name: 'n' layer { name: 'l' bottom: 'a' }")));
        Assert.That(notes, Is.EqualTo(
        [
            "f:2:1: input 'a' is ignored: it has no dims (input_dim or input_shape)",
            "f:2:1: input 'b' is ignored: it has no dims (input_dim or input_shape)",
        ]));
        Assert.That(SourceMap.FindInputWithoutDims(net.Layer[0], "a")?.ToString(), Is.EqualTo("f:2:1"));
        Assert.That(SourceMap.FindInputWithoutDims(net.Layer[0], "c"), Is.Null);
    }

    [TestCase("input: 'a' input_dim: [1, 2, 3]",
        "f:1:1: 3 input_dim for 1 inputs, expected four each (or one input_shape each)")]
    [TestCase("input: 'a'\ninput_shape {} input_shape {}", "f:2:1: 2 input_shape for 1 inputs, expected one each")]
    public void RefusesInputsWithoutTheirShape(string text, string message)
    {
        NetParameter net = TextFormat.Parse<NetParameter>(text, "f");
        Assert.That(() => NetUpgrade.Apply(net), Throws.TypeOf<AtlException>().With.Message.StartsWith(message));
    }

    [Test]
    public void ShapesWinOverDims()
    {
        NetParameter net = TextFormat.Parse<NetParameter>("input: 'a' input_shape { dim: 2 } input_dim: [1, 1, 1, 1]");
        NetUpgrade.Apply(net);
        Assert.That(net,
            Is.EqualTo(TextFormat.Parse<NetParameter>("layer { name: 'input' type: 'Input' top: 'a' input_param { "
                + "shape { dim: 2 } } }")));
    }

    [TestCase("input_dim: [1, 2]", "f:1:1: input_dim is ignored: the net has no input")]
    [TestCase("input_shape { dim: 1 }", "f:1:1: input_shape is ignored: the net has no input")]
    public void ExtentsWithoutInputsAreIgnored(string text, string expected)
    {
        List<string> notes = [];
        NetParameter net = TextFormat.Parse<NetParameter>(text, "f");
        NetUpgrade.Apply(net, notes.Add);
        Assert.That(net, Is.EqualTo(new NetParameter()));
        Assert.That(notes, Is.EqualTo([expected]));
    }

    [TestCase("param { name: 'm' } param { name: 'v' lr_mult: 1 decay_mult: 1 } param { name: 'f' lr_mult: 0 }",
        "param { name: 'm' lr_mult: 0 decay_mult: 0 } param { name: 'v' lr_mult: 0 decay_mult: 0 } param { name: "
            + "'f' lr_mult: 0 decay_mult: 0 }")]
    [TestCase("param { lr_mult: 0 } param { lr_mult: 0 } param { lr_mult: 0 }",
        "param { lr_mult: 0 decay_mult: 0 } param { lr_mult: 0 decay_mult: 0 } param { lr_mult: 0 decay_mult: 0 }")]
    [TestCase("param { name: 'm' } param { name: 'v' }", "param { name: 'm' } param { name: 'v' }")]
    [TestCase("param { lr_mult: 0 }", "param { lr_mult: 0 }")]
    [CaffeBehaviour(CaffeBehaviour.BatchNormsThreeParams)]
    public void ThreeParamsOfBatchNormLearnNothingAndKeepTheirNames(string given, string upgraded)
    {
        NetParameter net =
            TextFormat.Parse<NetParameter>($"layer {{ type: 'BatchNorm' {given} }} layer {{ type: 'Scale' {given} }}");
        NetUpgrade.Apply(net);
        NetParameter wanted =
            TextFormat.Parse<NetParameter>($"layer {{ type: 'BatchNorm' {upgraded} }} layer {{ type: 'Scale' "
                + $"{given} }}");
        Assert.That(net, Is.EqualTo(wanted));
        List<string> notes = [];
        NetUpgrade.Apply(net, notes.Add);
        Assert.That((net, notes.Count), Is.EqualTo((wanted, 0)));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.MemParam)]
    public void MemParamIsIgnoredWithANote()
    {
        List<string> notes = [];
        NetParameter net =
            TextFormat.Parse<NetParameter>("name: 'n'\nmem_param { optimize_train: true optimize_test: true "
                + "exclude_blob: 'x' }", "f");
        NetUpgrade.Apply(net, notes.Add);
        Assert.That(net, Is.EqualTo(new NetParameter { Name = "n" }));
        Assert.That(notes, Is.EqualTo(["f:2:1: mem_param is ignored: memory is shared wherever it can be"]));
    }
}
