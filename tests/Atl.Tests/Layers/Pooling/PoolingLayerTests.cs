using Atl.Devices;
using Atl.Layers;
using Atl.TestSupport;

namespace Atl.Tests.Layers;

public class PoolingLayerTests
{
    private const string Kernels =
        "kernel_size: 3 stride: 2|kernel_size: 3 pad: 1|kernel_size: 2 stride: 2 pad: 1|kernel_h: 2 kernel_w: 3 stride_h: 1 stride_w: 3 pad_h: 0 pad_w: 1"
        + "|kernel_size: 5 stride: 3 pad: 2|kernel_size: 2 stride: 3|global_pooling: true|kernel_size: 3 stride: 2 "
        + "round_mode: "
        + "FLOOR|kernel_h: 1 kernel_w: 9 stride: 4 pad_h: 0 pad_w: 4";

    private static IEnumerable<TestCaseData> Cases =>
        from pool in (string[])["MAX", "AVE"]
        from parameters in Kernels.Split('|')
        from dims in (int[][])[[2, 3, 9, 8], [2, 16, 6, 7], [1, 24, 7, 19]]
        from layout in (Layout[])[Layout.Plain, Layout.ChannelsLast, Layout.Blocked8, Layout.Blocked16]
        where layout.Fits(new Shape(dims))
        select new TestCaseData(pool, parameters, dims, layout);

    [TestCaseSource(nameof(Cases))]
    public void WindowsArePooledInEveryLayout(string pool, string parameters, int[] dims, Layout layout)
    {
        Shape shape = new(dims);
        using LayerRun run = new($$"""type: "Pooling" pooling_param { pool: {{pool}} {{parameters}} }""", tops: 1,
            LayerRun.Random(shape));
        float[] x = LayerRun.Values(run.Bottom[0].Data);
        run.Bottom[0].Data.ReadWrite(Device.Cpu, layout);
        Naive expected = new(run.Layer.Parameter.PoolingParam, shape);

        run.Layer.Forward(run.Bottom, run.Top);
        Assert.That(run.Top[0].Data.Layout, Is.EqualTo(layout));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(shape[0], shape[1], expected.OutHeight, expected.OutWidth)));
        Assert.That(LayerRun.Values(run.Top[0].Data), Is.EqualTo(expected.Forward(x)).Within(1e-6));

        float[] dy = LayerRun.Values(LayerRun.Random(run.Top[0].Shape, 2).Data);
        dy.CopyTo(run.Top[0].Diff.AsWriteOnlySpan());
        run.Top[0].Diff.ReadWrite(Device.Cpu, layout);
        run.Layer.Backward(run.Top, [true], run.Bottom);
        Assert.That(run.Bottom[0].Diff.Layout, Is.EqualTo(layout));
        Assert.That(LayerRun.Values(run.Bottom[0].Diff), Is.EqualTo(expected.Backward(x, dy)).Within(1e-5));
    }

    [TestCase(Layout.Plain)]
    [TestCase(Layout.Blocked16)]
    [TestCase(Layout.ChannelsLast)]
    [CaffeBehaviour(CaffeBehaviour.MaxPoolingTies)]
    public void TheMaskNamesTheFirstOfEquals(Layout layout)
    {
        using LayerRun run = new("""type: "Pooling" pooling_param { kernel_size: 2 stride: 1 }""", tops: 2,
            new Blob(new Shape(1, 16, 2, 3)));
        for (int c = 0; c < 16; c++)
            new float[] { 1, 1, 2, 1, 1, 2 }.CopyTo(run.Bottom[0].Data.AsSpan()[(c * 6)..]);
        run.Bottom[0].Data.ReadWrite(Device.Cpu, layout);
        run.Layer.Forward(run.Bottom, run.Top);
        Assert.That(LayerRun.Values(run.Top[0].Data)[..4], Is.EqualTo(new float[] { 1, 2, 1, 2 }));
        Assert.That(LayerRun.Values(run.Top[1].Data)[..4], Is.EqualTo(new float[] { 0, 2, 0, 2 }));
        Assert.That(LayerRun.Values(run.Top[1].Data)[^2..], Is.EqualTo(new float[] { 0, 2 }));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.MaxPoolingStartsLow)]
    public void NotANumberIsNeverTheLargest()
    {
        using LayerRun run = new(
            """type: "Pooling" pooling_param { kernel_size: 2 stride: 2 }""", tops: 2,
                LayerRun.Blob(new Shape(1, 1, 2, 4), float.NaN, 3, float.NaN, float.NaN, 1, 2, float.NaN, float.NaN));
        Assert.That(run.Forward(), Is.EqualTo([3, -float.MaxValue]));
        Assert.That(LayerRun.Values(run.Top[1].Data), Is.EqualTo(new float[] { 1, -1 }));
        run.SetTopDiff(0, 5, 7);
        Assert.That(run.Backward(), Is.EqualTo(new float[] { 0, 5, 0, 0, 0, 0, 0, 0 }));
    }

    [TestCase(Layout.Plain)]
    [TestCase(Layout.Blocked16)]
    [CaffeBehaviour(CaffeBehaviour.StochasticPoolingByPhase)]
    public void DrawsFollowTheValuesAndAreTheSameInEveryLayout(Layout layout)
    {
        const int Images = 3000;
        using LayerRun run = new("""type: "Pooling" phase: TRAIN pooling_param { pool: STOCHASTIC kernel_size: 2 }""",
            tops: 1,
            new Blob(new Shape(Images, 16, 2, 2)));
        Span<float> x = run.Bottom[0].Data.AsWriteOnlySpan();
        for (int i = 0; i < x.Length; i += 4) new float[] { 0, 1, 2, 5 }.CopyTo(x[i..]);
        run.Bottom[0].Data.ReadWrite(Device.Cpu, layout);
        run.Layer.Forward(run.Bottom, run.Top);
        float[] y = LayerRun.Values(run.Top[0].Data);
        foreach (float value in (float[])[1, 2, 5])
            Assert.That(y.Count(v => v == value) / (16.0 * Images), Is.EqualTo(value / 8).Within(0.01));
        Assert.That(y, Has.None.EqualTo(0f));
        // The first draws of seed 7, whatever the layout.
        RandomStream stream = new(7, "tested/draws");
        for (int i = 0; i < 40; i++)
        {
            float u = stream.NextSingle() * 8;
            Assert.That(y[i], Is.EqualTo(u < 1 ? 1f : u < 3 ? 2 : 5));
        }
        run.Top[0].Diff.Fill(1);
        run.Layer.Backward(run.Top, [true], run.Bottom);
        float[] dx = LayerRun.Values(run.Bottom[0].Diff);
        for (int i = 0; i < y.Length; i++)
            Assert.That(dx[i * 4 + Array.IndexOf([0, 1, 2, 5], (int)y[i])], Is.EqualTo(1));
    }

    [Test]
    [CaffeBehaviour(CaffeBehaviour.StochasticPoolingByPhase)]
    public void StochasticPoolingTestsWithTheExpectation()
    {
        using LayerRun run = new(
            """type: "Pooling" phase: TEST pooling_param { pool: STOCHASTIC kernel_size: 2 stride: 2 }""", tops: 1,
                LayerRun.Blob(new Shape(1, 1, 2, 4), 0, 1, 0, 0, 2, 5, 0, 0));
        Assert.That(run.Forward(), Is.EqualTo([30 / 8f, 0]));
    }

    [TestCase("kernel_size: 2 stride: 3", 9, 9, 3, 3)]
    [TestCase("kernel_size: 2 stride: 3", 10, 8, 4, 3)]
    [TestCase("kernel_size: 5 stride: 2", 4, 4, 1, 1)]
    [CaffeBehaviour(CaffeBehaviour.PoolingWindowBeyondTheImage)]
    public void AWindowBeyondTheImageIsLeftOut(string parameters, int height, int width, int rows, int columns)
    {
        using LayerRun run = new($$"""type: "Pooling" pooling_param { pool: AVE {{parameters}} }""", tops: 1,
            LayerRun.Random(new Shape(1, 1, height, width)));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, rows, columns)));
        Assert.That(run.Forward(), Has.None.NaN);
    }

    [TestCase("kernel_size: 3 stride: 2", 6, 6, 3, 3)]
    [TestCase("kernel_size: 3 stride: 2 round_mode: CEIL", 6, 6, 3, 3)]
    [TestCase("kernel_size: 3 stride: 2 round_mode: FLOOR", 6, 6, 2, 2)]
    [TestCase("kernel_size: 3 stride: 2 ceil_mode: true", 6, 6, 3, 3)]
    [TestCase("kernel_size: 3 stride: 2 ceil_mode: false", 6, 6, 2, 2)]
    [TestCase("kernel_size: 3 stride: 2", 7, 8, 3, 4)]
    [CaffeBehaviour(CaffeBehaviour.PoolingSizesCeil)]
    public void OutputSizesAreRoundedUpUnlessFloorIsAsked(string parameters, int height, int width, int rows,
    int columns)
    {
        using LayerRun run = new($$"""type: "Pooling" pooling_param { {{parameters}} }""", tops: 1,
            LayerRun.Random(new Shape(1, 1, height, width)));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 1, rows, columns)));
    }

    // 3 + 2 by steps of 2: rounding up gives 3 windows, of which the last would begin at 3, behind the image's last
    // pixel.
    [Test]
    [CaffeBehaviour(CaffeBehaviour.PoolingWindowInThePadding)]
    public void ALastWindowThatStartsInThePaddingIsDropped()
    {
        using LayerRun run = new("""type: "Pooling" pooling_param { kernel_size: 2 stride: 2 pad: 1 }""", tops: 1,
            LayerRun.Blob(new Shape(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9));
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 1, 3, 7, 9 }));
    }

    // Windows of 3 x 3 from -1 and 1 on, in an image padded to 4 x 4: areas 9, 6 (cut off at the padding's end) and 4.
    [Test]
    [CaffeBehaviour(CaffeBehaviour.AverageOverThePaddedImage)]
    public void TheAverageIsOverTheWindowWithinThePaddedImage()
    {
        using LayerRun run = new("""type: "Pooling" pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }""",
            tops: 1, new Blob(new Shape(1, 1, 2, 2)));
        run.Bottom[0].Data.Fill(36);
        Assert.That(run.Forward(), Is.EqualTo(new float[] { 16, 12, 12, 9 }).Within(1e-5));
    }

    [TestCase("MAX", new float[] { 6, 12 })]
    [TestCase("AVE", new float[] { 3.5f, 9.5f })]
    [CaffeBehaviour(CaffeBehaviour.GlobalPooling)]
    public void GlobalPoolingTakesTheWholeImageWhateverItsSize(string pool, float[] expected)
    {
        using LayerRun run = new($$"""type: "Pooling" pooling_param { pool: {{pool}} global_pooling: true }""", tops: 1,
            new Blob(new Shape(1, 2, 5, 5)));
        run.Bottom[0].Reshape(1, 2, 2, 3);
        Enumerable.Range(1, 12).Select(i => (float)i).ToArray().CopyTo(run.Bottom[0].Data.AsWriteOnlySpan());
        Assert.That(run.Forward(), Is.EqualTo(expected));
        Assert.That(run.Top[0].Shape, Is.EqualTo(new Shape(1, 2, 1, 1)));
    }

    [TestCase("", "needs kernel_size")]
    [TestCase("kernel_size: 3 kernel_h: 2 kernel_w: 2", "not both")]
    [TestCase("kernel_h: 2", "given together")]
    [TestCase("kernel_size: 0", "1 or larger")]
    [TestCase("kernel_size: 2 stride: 0", "the stride must be 1 or larger")]
    [TestCase("kernel_size: 2 pad: 2", "must be smaller than the kernel")]
    [TestCase("kernel_size: 2 pad: 1 pad_h: 1 pad_w: 1", "not both")]
    [TestCase("kernel_size: 9", "does not fit")]
    [TestCase("global_pooling: true kernel_size: 2", "remove kernel_size")]
    [TestCase("global_pooling: true stride: 2", "stride 1")]
    [TestCase("pool: STOCHASTIC kernel_size: 3 pad: 1", "does not support padding")]
    public void WhatDoesNotFitIsRefused(string parameters, string message) => Assert.That(
        () => new LayerRun($$"""type: "Pooling" pooling_param { {{parameters}} }""", tops: 1,
            new Blob(new Shape(1, 1, 4, 4))),
        Throws.TypeOf<LayerException>().With.Message.Contains(message));

    [Test]
    public void FourAxesAreNeeded() => Assert.That(
        () => new LayerRun("""type: "Pooling" pooling_param { kernel_size: 2 }""", tops: 1,
            new Blob(new Shape(2, 3, 4))),
        Throws.TypeOf<LayerException>().With.Message.Contains("4 axes"));

    [Test]
    public void OnlyMaxGivesAMask() => Assert.That(
        () => new LayerRun("""type: "Pooling" pooling_param { pool: AVE kernel_size: 2 }""", tops: 2,
            new Blob(new Shape(1, 1, 4, 4))),
        Throws.TypeOf<LayerException>().With.Message.Contains("exactly 1"));

    // Pooling as its definition says, window by window.
    private sealed class Naive(Proto.PoolingParameter given, Shape shape)
    {
        private readonly PoolingWindow _window = PoolingWindow.Read(given, shape[2], shape[3]);

        public int OutHeight => Count.Height;

        public int OutWidth => Count.Width;

        private Atl.Operators.Extent2D Count =>
            _window.Count(shape[2], shape[3], given.RoundMode == Proto.PoolingParameter.Types.RoundMode.Floor, out _);

        public double[] Forward(float[] x)
        {
            double[] y = new double[shape[0] * shape[1] * OutHeight * OutWidth];
            Visit((output, area, inputs) => y[output] = IsMax ? inputs.Max(i => x[i])
                : inputs.Sum(i => (double)x[i]) / area);
            return y;
        }

        public double[] Backward(float[] x, float[] dy)
        {
            double[] dx = new double[x.Length];
            Visit((output, area, inputs) =>
            {
                if (IsMax) dx[inputs.MaxBy(i => x[i])] += dy[output];
                else foreach (int i in inputs) dx[i] += dy[output] / (double)area;
            });
            return dx;
        }

        private bool IsMax => given.Pool == Proto.PoolingParameter.Types.PoolMethod.Max;

        private void Visit(Action<int, int, List<int>> visit)
        {
            int height = shape[2], width = shape[3], output = 0;
            for (int plane = 0; plane < shape[0] * shape[1]; plane++)
                for (int oh = 0; oh < OutHeight; oh++)
                    for (int ow = 0; ow < OutWidth; ow++)
                    {
                        int top = oh * _window.Stride.Height - _window.Pad.Height,
                            left = ow * _window.Stride.Width - _window.Pad.Width;
                        int bottom = Math.Min(top + _window.Kernel.Height, height + _window.Pad.Height);
                        int right = Math.Min(left + _window.Kernel.Width, width + _window.Pad.Width);
                        List<int> inputs = [];
                        for (int h = Math.Max(0, top); h < Math.Min(bottom, height); h++)
                            for (int w = Math.Max(0, left); w < Math.Min(right, width); w++)
                                inputs.Add((plane * height + h) * width + w);
                        visit(output++, (bottom - top) * (right - left), inputs);
                    }
        }
    }
}
