using Atl.Layers;

namespace Atl.Tests.Layers;

/// <summary>Permute, Flip and ShuffleChannel against numbers worked by hand.</summary>
public class RearrangingLayerTests
{
    [TestCase("type: 'Permute' permute_param { order: 0 order: 2 order: 1 }", new[] { 1, 3, 2 },
        new float[] { 0, 3, 1, 4, 2, 5 })]
    [TestCase("type: 'Permute' permute_param { order: 2 }", new[] { 3, 1, 2 }, new float[] { 0, 3, 1, 4, 2, 5 })]
    [TestCase("type: 'Permute'", new[] { 1, 2, 3 }, new float[] { 0, 1, 2, 3, 4, 5 })]
    [TestCase("type: 'ShuffleChannel'", new[] { 1, 2, 3 }, new float[] { 0, 1, 2, 3, 4, 5 })]
    public void OfTwoTimesThree(string layer, int[] shape, float[] expected) =>
    Check(layer, [1, 2, 3], shape, expected);

    [TestCase("type: 'Flip'", new float[] { 2, 1, 0, 5, 4, 3 })]
    [TestCase("type: 'Flip' flip_param { flip_height: true }", new float[] { 5, 4, 3, 2, 1, 0 })]
    [TestCase("type: 'Flip' flip_param { flip_width: false flip_height: true }", new float[] { 3, 4, 5, 0, 1, 2 })]
    public void AnImageIsFlipped(string layer, float[] expected) => Check(layer, [1, 1, 2, 3], [1, 1, 2, 3], expected);

    // Six channels in two groups of three: 0 1 2 | 3 4 5 become 0 3 1 4 2 5; in three groups of two, 0 2 4 1 3 5.
    [TestCase("group: 2", new float[] { 0, 3, 1, 4, 2, 5 })]
    [TestCase("group: 3", new float[] { 0, 2, 4, 1, 3, 5 })]
    public void ChannelsAreShuffled(string fields, float[] expected) =>
        Check($"type: 'ShuffleChannel' shuffle_channel_param {{ {fields} }}", [1, 6, 1], [1, 6, 1], expected);

    [TestCase("type: 'Permute' permute_param { order: 3 }",
        "order names axis 3, but a bottom of shape 1 2 3 (6) has the axes 0..2")]
    [TestCase("type: 'Permute' permute_param { order: 1 order: 1 }", "order names axis 1 twice")]
    [TestCase("type: 'Flip'", "takes a bottom with 4 axes")]
    [TestCase("type: 'ShuffleChannel' shuffle_channel_param { group: 4 }", "group 4 must divide the 2 channels")]
    public void WhatDoesNotFitIsRefused(string layer, string message) =>
        Assert.That(() => new LayerRun(layer, 1, new Blob(new Shape(1, 2, 3))),
            Throws.TypeOf<LayerException>().With.Message.Contains(message));

    private static void Check(string layer, int[] bottom, int[] top, float[] expected)
    {
        using LayerRun run = new(layer, 1, LayerRun.Blob(new Shape(bottom), 0, 1, 2, 3, 4, 5));
        Assert.That(run.Forward(), Is.EqualTo(expected));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(top)));
        run.SetTopDiff(0, expected);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 0, 1, 2, 3, 4, 5 }));
    }
}
