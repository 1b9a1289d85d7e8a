using Atl.Layers;

namespace Atl.Tests.Nets;

/// <summary>Bottoms that their Caffe gives no gradient and does not ask: a net in which something above them learns is
/// built, and they count as 0.</summary>
public sealed class GradientlessBottomTests
{
    private const string Data = """
        layer { name: 'data' type: 'DummyData' top: 'x' top: 'label' dummy_data_param {
          shape { dim: 2 dim: 2 dim: 6 dim: 6 } shape { dim: 2 dim: 1 dim: 4 dim: 4 }
          data_filler { type: 'gaussian' std: 1 } data_filler { type: 'constant' value: 1 } } }
        layer { name: 'conv' type: 'Convolution' bottom: 'x' top: 'conv'
          convolution_param { num_output: 3 kernel_size: 3 pad: 1 weight_filler { type: 'gaussian' std: 0.5 } } }

        """;

    // The skip connection of FCN: cut to the size of a blob that learns, and that another layer reads, too.
    private const string Crop = Data + """
        layer { name: 'down' type: 'Convolution' bottom: 'conv' top: 'down'
          convolution_param { num_output: 3 kernel_size: 3 weight_filler { type: 'gaussian' std: 0.5 } } }
        layer { name: 'cut' type: 'Crop' bottom: 'conv' bottom: 'down' top: 'cut' crop_param { axis: 2 offset: 1 } FLAGS }
        layer { name: 'sum' type: 'Eltwise' bottom: 'cut' bottom: 'down' top: 'score' }
        layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'score' bottom: 'label' top: 'loss' }
        """;

    // SegNet: the mask of a pooling above which something learns.
    private const string Upsample = Data + """
        layer { name: 'pool' type: 'Pooling' bottom: 'conv' top: 'pool' top: 'mask' pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: 'up' type: 'Upsample' bottom: 'pool' bottom: 'mask' top: 'up' upsample_param { scale: 2 } FLAGS }
        layer { name: 'still' type: 'DummyData' top: 'still' dummy_data_param { shape { dim: 2 dim: 3 dim: 6 dim: 6 } } }
        layer { name: 'loss' type: 'EuclideanLoss' bottom: 'up' bottom: 'still' top: 'loss' }
        """;

    // A shape alone is read of a blob that learns.
    private const string PriorBox = Data + """
        layer { name: 'prior' type: 'PriorBox' bottom: 'conv' bottom: 'x' top: 'prior' prior_box_param { min_size: 2 } FLAGS }
        layer { name: 'scaled' type: 'Scale' bottom: 'prior' top: 'scaled' }
        layer { name: 'loss' type: 'Reduction' bottom: 'scaled' top: 'loss' loss_weight: 1 }
        layer { name: 'other' type: 'Reduction' bottom: 'conv' top: 'other' loss_weight: 0.1 }
        """;

    private static IEnumerable<TestCaseData> Nets() =>
    [
        new TestCaseData(Crop, "propagate_down: true propagate_down: false").SetName("Crop"),
        new TestCaseData(Upsample, "propagate_down: true propagate_down: false").SetName("Upsample"),
        new TestCaseData(PriorBox, "propagate_down: false propagate_down: false").SetName("PriorBox"),
    ];

    [TestCaseSource(nameof(Nets))]
    public void TheGradientsAreThoseWithoutPropagateDown(string text, string flags)
    {
        foreach (bool keepAll in new[] { true, false })
        {
            float[][] found = Gradients(text.Replace("FLAGS", "", StringComparison.Ordinal), keepAll);
            float[][] expected = Gradients(text.Replace("FLAGS", flags, StringComparison.Ordinal), keepAll);
            Assert.That(found, Is.EqualTo(expected));
            Assert.That(found.SelectMany(values => values), Has.Some.Not.Zero);
        }
    }

    [TestCase("layer { name: 'l' type: 'SoftmaxWithLoss' bottom: 'conv' bottom: 'conv2' top: 'l' }")]
    [TestCase("layer { name: 'e' type: 'Embed' bottom: 'conv2' top: 'e' embed_param { input_dim: 3 num_output: 2 } } "
        + "layer { name: 'l' type: 'Reduction' bottom: 'e' top: 'l' loss_weight: 1 }")]
    public void WhatItsCaffeRefusesStaysAnError(string layers) => Assert.That(
        () => NetText.Build(Data + """
            layer { name: 'c2' type: 'Convolution' bottom: 'x' top: 'conv2' convolution_param { num_output: 1 kernel_size: 1 } }

            """ + layers),
        Throws.TypeOf<LayerException>().With.Message.Contains("gets no gradient"));

    private static float[][] Gradients(string text, bool keepAll)
    {
        using Net net = NetText.Build(text, keepAll: keepAll);
        // Memory that held other values must not show through.
        for (int i = 0; i < 2; i++)
        {
            net.ClearParameterDiffs();
            net.Forward();
            net.Backward();
        }
        return [.. net.LearnableParameters.Select(learned => learned.Blob.Diff.AsReadOnlySpan().ToArray())];
    }
}
