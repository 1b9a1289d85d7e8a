using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class ConvolutionLayerTests
{
    [TestCase("num_output: 4", "kernel_size, or both of kernel_h and kernel_w, must be given")]
    [TestCase("num_output: 4 kernel_h: 3", "kernel_size, or both of kernel_h and kernel_w, must be given")]
    [TestCase("num_output: 4 kernel_size: 3 kernel_h: 3 kernel_w: 3",
    "kernel_size and kernel_h/kernel_w must not both be given")]
    [TestCase("num_output: 4 kernel_size: [3, 3, 3]",
    "kernel_size must be given once, or once for each of the 2 spatial axes, found 3 values")]
    [TestCase("num_output: 4 kernel_size: 0", "kernel_size must be positive")]
    [TestCase("num_output: 4 kernel_size: 3 stride: 0", "stride must be positive")]
    [TestCase("num_output: 4 kernel_size: 3 dilation: 0", "dilation must be positive")]
    [TestCase("kernel_size: 3", "num_output must be given and positive")]
    [TestCase("num_output: 4 kernel_size: 3 group: 0", "group must be positive")]
    [TestCase("num_output: 4 kernel_size: 3 group: 4",
    "has 6 input channels (axis 1 of 2 6 5 7 (420)), which its 4 groups do not divide")]
    [TestCase("num_output: 4 kernel_size: 3 group: 3", "has num_output 4, which its 3 groups do not divide")]
    [TestCase("num_output: 4 kernel_size: 6",
    "the kernel spans 6 along spatial axis 0, more than the padded bottom's 5")]
    [TestCase("num_output: 4 kernel_size: 3 dilation: 4 pad: 1",
    "the kernel spans 9 along spatial axis 0, more than the padded bottom's 7")]
    [TestCase("num_output: 4 axis: 3 kernel_h: 1 kernel_w: 1", "kernel_h and kernel_w are for 2 spatial axes, found 0")]
    [TestCase("num_output: 4 kernel_size: 3 axis: 4", "axis 4 is out of range")]
    public void ErrorsSayWhatDoesNotFit(string fields, string message)
    {
        LayerException e = Assert.Throws<LayerException>(
            () => new LayerRun($"type: 'Convolution' convolution_param {{ {fields} }}", 1,
                LayerRun.Random(new Shape(2, 6, 5, 7))).Dispose())!;
        Assert.That(e.Message, Does.Contain("layer 'tested' (Convolution): ").And.Contain(message));
    }

    [Test]
    public void BottomsMustHaveOneShape()
    {
        LayerException e = Assert.Throws<LayerException>(() => new LayerRun(
            "type: 'Convolution' convolution_param { num_output: 1 kernel_size: 1 }", 2,
            LayerRun.Random(new Shape(1, 2, 3, 3)),
            LayerRun.Random(new Shape(1, 2, 3, 4))).Dispose())!;
        Assert.That(e.Message,
            Does.Contain("all bottoms must have one shape, found 1 2 3 3 (18) and, as bottom 1, 1 2 3 4 (24)"));
    }

    [Test]
    public void OtherChannelsAfterSetUpAreAnError()
    {
        using LayerRun run = new("type: 'Convolution' convolution_param { num_output: 4 kernel_size: 1 }", 1,
            LayerRun.Random(new Shape(1, 3, 2, 2)));
        run.Bottom[0].Reshape(1, 5, 2, 2);
        LayerException e = Assert.Throws<LayerException>(() => run.Forward())!;
        Assert.That(e.Message,
            Does.Contain("has weights of shape 4 3 1 1 (12), but a bottom of shape 1 5 2 2 (20) needs 4 5 1 1 (20)"));
    }

    [Test]
    public void OtherExtentsAfterSetUpAreFine()
    {
        using LayerRun run = new(
            "type: 'Convolution' convolution_param { num_output: 1 kernel_size: 2 weight_filler { type: 'constant' "
                + "value: 1 } }", 1,
            LayerRun.Blob(new Shape(1, 1, 2, 2), 1, 2, 3, 4));
        Assert.That(run.Forward(), Is.EqualTo([10f]));
        run.Bottom[0].Reshape(1, 1, 2, 3);
        new[] { 1f, 2, 3, 4, 5, 6 }.CopyTo(run.Bottom[0].Data.AsWriteOnlySpan());
        Assert.That(run.Forward(), Is.EqualTo([12f, 16]));
    }

    [Test]
    public void ADeconvolutionWithoutATopIsAnError()
    {
        LayerException e = Assert.Throws<LayerException>(() => new LayerRun(
            "type: 'Deconvolution' convolution_param { num_output: 4 kernel_size: 2 pad: 2 }", 1,
            LayerRun.Random(new Shape(1, 3, 2, 2))).Dispose())!;
        Assert.That(e.Message,
            Does.Contain("spatial axis 0 of the top would have size -1 (bottom 2, kernel 2, pad 2)"));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.BilinearFiller)]
    public void BilinearDeconvolutionKeepsAConstantImage()
    {
        using LayerRun run = new(
            "type: 'Deconvolution' convolution_param { num_output: 2 group: 2 kernel_size: 4 stride: 2 pad: "
                + "1 bias_term: false weight_filler { type: 'bilinear' } }",
            1, LayerRun.Blob(new Shape(1, 2, 3, 3), [.. Enumerable.Repeat(5f, 18)]));
        float[] enlarged = run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 2, 6, 6)));
        for (int i = 7; i <= 10; i++)
            Assert.That(enlarged[i], Is.EqualTo(5).Within(1e-5), "inside the border nothing of a window is cut off");
    }

    // The first: (6 - 3) / 2 = 1.5, so one step beside the first place.
    [TestCase("kernel_size: 3 stride: 2", 6, 5, 2, 2)]
    [TestCase("kernel_size: 3 stride: 2 pad: 1", 6, 5, 3, 3)]
    [TestCase("kernel_size: 2 stride: 3", 7, 6, 2, 2)]
    [CaffeBehaviour(CaffeBehaviour.ConvolutionSizesFloor)]
    public void OutputSizesAreRoundedDown(string fields, int height, int width, int rows, int columns)
    {
        using LayerRun run = new($"type: 'Convolution' convolution_param {{ num_output: 1 {fields} }}", 1,
            LayerRun.Random(new Shape(1, 1, height, width)));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, rows, columns)));
    }

    [TestCase("kernel_size: 3", new[] { 2, 3, 5, 7 }, new[] { 2, 4, 3, 5 }, new[] { 4, 3, 3, 3 })]
    [TestCase("kernel_size: 3 kernel_size: 2 stride: 1 stride: 2", new[] { 2, 3, 5, 7 }, new[] { 2, 4, 3, 3 },
    new[] { 4, 3, 3, 2 })]
    [TestCase("kernel_h: 3 kernel_w: 1 stride_h: 1 stride_w: 3 pad_h: 0 pad_w: 1", new[] { 2, 3, 5, 7 },
    new[] { 2, 4, 3, 3 }, new[] { 4, 3, 3, 1 })]
    [TestCase("kernel_size: 3 dilation: 2", new[] { 2, 3, 5, 7 }, new[] { 2, 4, 1, 3 }, new[] { 4, 3, 3, 3 })]
    [TestCase("kernel_size: 2 force_nd_im2col: true", new[] { 2, 3, 5, 7 }, new[] { 2, 4, 4, 6 }, new[] { 4, 3, 2, 2 })]
    [TestCase("kernel_size: 2", new[] { 2, 3, 5 }, new[] { 2, 4, 4 }, new[] { 4, 3, 2 })]
    [TestCase("kernel_size: 2", new[] { 2, 3, 5, 7, 4 }, new[] { 2, 4, 4, 6, 3 }, new[] { 4, 3, 2, 2, 2 })]
    [TestCase("kernel_size: 2 axis: 2", new[] { 2, 3, 6, 7, 4 }, new[] { 2, 3, 4, 6, 3 }, new[] { 4, 6, 2, 2 })]
    [TestCase("kernel_size: 2 axis: -3", new[] { 2, 3, 5, 7 }, new[] { 2, 4, 4, 6 }, new[] { 4, 3, 2, 2 })]
    [CaffeBehaviour(CaffeBehaviour.ConvolutionFields)]
    public void FieldsAreGivenOnceOrForEachAxisFromTheNamedAxisOn(string fields, int[] bottom, int[] top, int[] weights)
    {
        using LayerRun run = new($"type: 'Convolution' convolution_param {{ num_output: 4 {fields} }}", 1,
            LayerRun.Random(new Shape(bottom)));
        run.Forward();
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(top)));
        Assert.That(run.Layer.Blobs[0].Shape, Is.EqualTo(new Shape(weights)));
    }
}
