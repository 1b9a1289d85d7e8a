namespace Atl.Proto.Tests.Upgrade;

/// <summary>Fields of layers that have a newer form.</summary>
public sealed class FieldUpgradeTests
{
    [TestCase("slice_param { slice_dim: 2 slice_point: 3 }", "slice_param { axis: 2 slice_point: 3 }")]
    [TestCase("concat_param { concat_dim: 0 }", "concat_param { axis: 0 }")]
    [TestCase("loss_param { normalize: true ignore_label: 3 }", "loss_param { normalization: VALID ignore_label: 3 }")]
    [TestCase("loss_param { normalize: false }", "loss_param { normalization: BATCH_SIZE }")]
    [TestCase("loss_param { normalize: false normalization: FULL }", "loss_param { normalization: FULL }")]
    [TestCase("pooling_param { ceil_mode: false kernel_size: 3 }",
    "pooling_param { round_mode: FLOOR kernel_size: 3 }")]
    [TestCase("pooling_param { ceil_mode: true }", "pooling_param { round_mode: CEIL }")]
    [TestCase("pooling_param { ceil_mode: false round_mode: FLOOR }", "pooling_param { round_mode: FLOOR }")]
    [TestCase("top: 'a' top: 'b' dummy_data_param { num: 1 num: 2 channels: 3 height: 4 width: 5 width: 6 }",
        "top: 'a' top: 'b' dummy_data_param { shape { dim: 1 dim: 3 dim: 4 dim: 5 } shape { dim: 2 dim: 3 dim: 4 "
            + "dim: 6 } }")]
    public void TakesTheNewForm(string old, string today)
    {
        List<string> notes = [];
        NetParameter net = Upgraded($"layer {{ {old} }}", notes);
        Assert.That(net, Is.EqualTo(TextFormat.Parse<NetParameter>($"layer {{ {today} }}")));
        Assert.That(notes, Has.One.StartsWith("f: upgraded 1 old field of layers: "));
    }

    [TestCase("slice_param { slice_dim: 2 axis: 1 }")]
    [TestCase("concat_param { concat_dim: 2 axis: 1 }")]
    [TestCase("top: 'a' dummy_data_param { num: 1 num: 2 num: 3 channels: 3 height: 4 width: 5 }")]
    [TestCase("top: 'a' dummy_data_param { num: 1 }")]
    public void WhatContradictsItselfIsLeftForTheLayer(string fields) =>
        Assert.That(Upgraded($"layer {{ {fields} }}", []),
            Is.EqualTo(TextFormat.Parse<NetParameter>($"layer {{ {fields} }}")));

    [Test]
    public void TwoRoundingsThatContradictOneAnotherAreAnError() => Assert.That(
        () => Upgraded("layer { name: 'p' type: 'Pooling' pooling_param { ceil_mode: true round_mode: FLOOR } }", []),
        Throws.TypeOf<AtlException>().With.Message.EqualTo(
            "f:1:1: layer 'p' (Pooling): pooling_param has ceil_mode: true and round_mode: FLOOR, expected one of "
                + "the two"));

    private static NetParameter Upgraded(string text, List<string> notes)
    {
        NetParameter net = TextFormat.Parse<NetParameter>(text, "f");
        NetUpgrade.Apply(net, notes.Add);
        return net;
    }
}
