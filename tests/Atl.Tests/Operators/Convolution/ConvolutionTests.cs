using Atl.Devices;
using Atl.Operators;
using Atl.TestSupport;
using static Atl.Tests.Operators.OperatorValues;

namespace Atl.Tests.Operators;

/// <summary>Convolution and Deconvolution against their definition, over shapes declared as data.</summary>
public class ConvolutionTests
{
    private static readonly ConvolutionGeometry[] Geometries =
    [
        Square(2, 3, 8, 9, 3),
        Square(2, 3, 32, 11, 3, stride: 2),
        Square(1, 1, 20, 12, 5),
        Square(2, 10, 16, 7, 3),
        Square(1, 28, 48, 6, 3, pad: 1),
        Square(2, 16, 32, 8, 3, stride: 2, pad: 1),
        Square(2, 32, 16, 5, 1),
        Square(1, 64, 2, 7, 1),
        Square(2, 16, 16, 9, 3, pad: 2, dilation: 2),
        Square(1, 48, 64, 4, 2),
        Square(2, 32, 32, 6, 3, pad: 1, groups: 2),
        Square(2, 12, 8, 6, 3, pad: 1, groups: 4),
        Square(2, 32, 32, 8, 3, pad: 1, groups: 32),
        Square(1, 5, 10, 6, 3, groups: 5),
        Square(2, 32, 32, 7, 7, groups: 32),
        Square(1, 4, 4, 6, 2, stride: 5),
        Square(3, 64, 64, 14, 3, pad: 1),
        new(2, 16, 16, 1, new Shape(20), new Shape(5), new Shape(3), new Shape(2), new Shape(1), 1),
        new(2, 16, 32, 1, new Shape(4, 5, 6), new Shape(3, 1, 2), new Shape(1, 2, 1), new Shape(1, 0, 1),
            new Shape(1, 1, 2), 1),
        new(2, 3, 4, 1, new Shape(3, 3, 2, 4), new Shape(2, 3, 1, 2), new Shape(1, 1, 1, 2), new Shape(1, 0, 0, 1),
            new Shape(1, 1, 1, 1), 1),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from index in Enumerable.Range(0, Geometries.Length)
        from layout in (Layout[])[Layout.Plain, Layout.ChannelsLast, Layout.Blocked16]
        let g = Geometries[index]
        where layout.Fits(new NaiveConvolution(g).InputShape)
        select new TestCaseData(index, layout)
            .SetArgDisplayNames($"{g.InputChannels}->{g.OutputChannels} of {string.Join('x', g.Input)} by "
                + $"{string.Join('x', g.Kernel)}/{g.Groups}",
                layout.ToString());

    [TestCaseSource(nameof(Cases))]
    [CaffeBehaviour(CaffeBehaviour.ConvolutionOfAnyDimension)]
    public void ConvolutionIsItsDefinition(int index, Layout layout)
    {
        ConvolutionGeometry geometry = Geometries[index];
        NaiveConvolution naive = new(geometry);
        Tensor x = Random(naive.InputShape, 1, layout), w = Random(geometry.WeightShape, 2),
            b = Random(new Shape(geometry.OutputChannels), 3);
        Tensor y = new(naive.OutputShape), dy = Random(naive.OutputShape, 4, layout), dx = new(naive.InputShape);
        Tensor dw = Random(geometry.WeightShape, 5), db = Random(new Shape(geometry.OutputChannels), 6);
        float[] dwBefore = Values(dw), dbBefore = Values(db);
        using Convolution made = Device.Cpu.Create(new ConvolutionSpec(geometry, Bias: true, Training: true));
        made.Forward(x, w, b, y);
        made.BackwardData(dy, w, dx);
        made.BackwardWeights(x, dy, dw, db);
        Assert.Multiple(() =>
        {
            AssertClose(y, naive.Forward(Values(x), Values(w), Values(b)), "y");
            AssertClose(dx, naive.BackwardData(Values(dy), Values(w)), "dx");
            AssertClose(dw, Sum(naive.BackwardWeights(Values(x), Values(dy)), dwBefore), "dw");
            AssertClose(db, Sum(naive.BackwardBias(Values(dy)), dbBefore), "db");
        });
    }

    [TestCaseSource(nameof(Cases))]
    [CaffeBehaviour(CaffeBehaviour.DeconvolutionIsTheTranspose)]
    public void DeconvolutionIsTheTranspose(int index, Layout layout)
    {
        ConvolutionGeometry geometry = Geometries[index];
        NaiveConvolution naive = new(geometry);
        Tensor x = Random(naive.OutputShape, 1, layout), w = Random(geometry.WeightShape, 2),
            b = Random(new Shape(geometry.InputChannels), 3);
        Tensor y = new(naive.InputShape), dy = Random(naive.InputShape, 4, layout), dx = new(naive.OutputShape);
        Tensor dw = new(geometry.WeightShape), db = new(new Shape(geometry.InputChannels));
        using Deconvolution made = Device.Cpu.Create(new DeconvolutionSpec(geometry, Training: true));
        made.Forward(x, w, b, y);
        made.BackwardData(dy, w, dx);
        made.BackwardWeights(x, dy, dw, db);
        double[] expected = naive.BackwardData(Values(x), Values(w));
        float[] bias = Values(b), gradient = Values(dy);
        double[] sums = new double[bias.Length];
        int pixels = (int)geometry.Input.Count;
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] += bias[i / pixels % bias.Length];
            sums[i / pixels % bias.Length] += gradient[i];
        }
        Assert.Multiple(() =>
        {
            AssertClose(y, expected, "y");
            AssertClose(dx, naive.Forward(Values(dy), Values(w), null), "dx");
            AssertClose(dw, naive.BackwardWeights(Values(dy), Values(x)), "dw");
            AssertClose(db, sums, "db");
        });
    }

    [Test]
    public void TheSameInputsGiveTheSameBits()
    {
        ConvolutionGeometry geometry = Square(3, 64, 64, 14, 3, pad: 1);
        NaiveConvolution naive = new(geometry);
        Tensor x = Random(naive.InputShape, 1), dy = Random(naive.OutputShape, 4);
        float[][] runs = new float[2][];
        for (int i = 0; i < runs.Length; i++)
        {
            Tensor dw = new(geometry.WeightShape);
            using Convolution made = Device.Cpu.Create(new ConvolutionSpec(geometry, Bias: false, Training: true));
            made.BackwardWeights(x, dy, dw, null);
            runs[i] = Values(dw);
        }
        Assert.That(runs[1], Is.EqualTo(runs[0]));
    }

    [Test]
    public void PackedWeightsFollowTheWeights()
    {
        ConvolutionGeometry geometry = Square(1, 16, 16, 6, 3);
        NaiveConvolution naive = new(geometry);
        Tensor x = Random(naive.InputShape, 1), w = Random(geometry.WeightShape, 2), y = new(naive.OutputShape);
        using Convolution made = Device.Cpu.Create(new ConvolutionSpec(geometry, Bias: false, Training: false));
        made.Forward(x, w, null, y);
        w.AsSpan()[7] += 1;
        made.Forward(x, w, null, y);
        AssertClose(y, naive.Forward(Values(x), Values(w), null), "after a change");
        Tensor others = Random(geometry.WeightShape, 9);
        made.Forward(x, others, null, y);
        AssertClose(y, naive.Forward(Values(x), Values(others), null), "of another tensor");
    }

    [Test]
    public void ConvolutionsHandBlocksToOneAnother()
    {
        ConvolutionGeometry first = Square(1, 3, 32, 8, 3), second = Square(1, 32, 64, 6, 3);
        Tensor x = Random(new NaiveConvolution(first).InputShape, 1),
            middle = new(new NaiveConvolution(first).OutputShape);
        Tensor y = new(new NaiveConvolution(second).OutputShape);
        using Convolution one = Device.Cpu.Create(new ConvolutionSpec(first, Bias: false, Training: false));
        using Convolution two = Device.Cpu.Create(new ConvolutionSpec(second, Bias: false, Training: false));
        one.Forward(x, Random(first.WeightShape, 2), null, middle);
        Assert.That(middle.Layout, Is.EqualTo(Device.Cpu.PreferredLayout(middle.Shape)));
        two.Forward(middle, Random(second.WeightShape, 3), null, y);
        Assert.That((middle.Layout, y.Layout),
            Is.EqualTo((Device.Cpu.PreferredLayout(middle.Shape), Device.Cpu.PreferredLayout(y.Shape))));
    }

    [Test]
    public void ViewsOfAnotherShapeAreReadAndWritten()
    {
        ConvolutionGeometry geometry = Square(1, 16, 16, 6, 3);
        NaiveConvolution naive = new(geometry);
        Tensor owner = Random(new Shape(16 * 36), 1), x = new(naive.InputShape), into = new(new Shape(16 * 16)),
            y = new(naive.OutputShape);
        x.Share(owner);
        y.Share(into);
        Tensor w = Random(geometry.WeightShape, 2);
        using Convolution made = Device.Cpu.Create(new ConvolutionSpec(geometry, Bias: false, Training: false));
        made.Forward(x, w, null, y);
        AssertClose(into, naive.Forward(Values(owner), Values(w), null), "y");
    }

    [Test]
    public void NoImagesGiveNothing()
    {
        ConvolutionGeometry geometry = Square(0, 3, 4, 5, 3);
        Tensor x = new(new Shape(0, 3, 5, 5)), y = new(new Shape(0, 4, 3, 3));
        using Convolution made = Device.Cpu.Create(new ConvolutionSpec(geometry, Bias: false, Training: false));
        Assert.DoesNotThrow(() => made.Forward(x, new Tensor(geometry.WeightShape), null, y));
    }

    private static ConvolutionGeometry Square(
        int images, int inputs, int outputs, int extent, int kernel, int stride = 1, int pad = 0, int dilation = 1,
        int groups = 1) =>
        new(images, inputs, outputs, groups, new Shape(extent, extent), new Shape(kernel, kernel),
            new Shape(stride, stride), new Shape(pad, pad),
            new Shape(dilation, dilation), 1);

    private static double[] Sum(double[] a, float[] b) => [.. a.Zip(b, (p, q) => p + q)];
}
