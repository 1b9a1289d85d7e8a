using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Native;
using Atl.Operators;
using static Atl.Tests.Operators.OperatorValues;

namespace Atl.Tests.Operators;

/// <summary>Winograd's convolution against the definition and the direct one, over shapes that its tiles and blocks do
/// not divide.</summary>
[NonParallelizable]
public class WinogradTests
{
    private static readonly ConvolutionGeometry[] Geometries =
    [
        Make(1, 16, 16, 1, 1, 1, 1),
        Make(1, 16, 32, 3, 3, 0, 0),
        Make(2, 48, 16, 13, 6, 0, 2),
        Make(1, 32, 48, 7, 5, 1, 0),
        Make(1, 16, 16, 5, 4, 3, 4),
        Make(5, 32, 32, 9, 17, 2, 1),
        Make(4, 64, 128, 6, 6, 1, 1),
        Make(3, 80, 112, 11, 12, 1, 1),
        Make(2, 128, 64, 28, 27, 1, 1),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Geometries.Select((g, i) => new TestCaseData(i).SetArgDisplayNames(
        $"{g.Images} x {g.InputChannels}->{g.OutputChannels} of {string.Join('x', g.Input)}, pad "
            + $"{string.Join('x', g.Pad)}"));

    [TestCaseSource(nameof(Cases))]
    public void WinogradIsTheDirectConvolution(int index)
    {
        ConvolutionGeometry geometry = Geometries[index];
        NaiveConvolution naive = new(geometry);
        float[] x = Values(Input(naive.InputShape, 1)), w = Values(Input(geometry.WeightShape, 2)),
            dy = Values(Input(naive.OutputShape, 4));
        Results found = Run(geometry, ConvolutionAlgorithm.Winograd),
            direct = Run(geometry, ConvolutionAlgorithm.Direct);
        Assert.That(found.Algorithms, Has.All.StartsWith("winograd"));
        Assert.That(direct.Algorithms, Has.None.StartsWith("winograd"));
        Assert.Multiple(() =>
        {
            AssertClose(found.Y, naive.Forward(x, w, Values(Input(new Shape(geometry.OutputChannels), 3))), "y");
            AssertClose(found.Dx, naive.BackwardData(dy, w), "dx");
            AssertClose(found.Dw, naive.BackwardWeights(x, dy), "dw");
            AssertClose(found.Db, naive.BackwardBias(dy), "db");
            AssertClose(found.Y, Doubles(direct.Y), "y, directly");
            AssertClose(found.Dx, Doubles(direct.Dx), "dx, directly");
            AssertClose(found.Dw, Doubles(direct.Dw), "dw, directly");
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void BitsDoNotDependOnTheNumberOfThreads(int index)
    {
        int threads = CpuDevice.Threads;
        try
        {
            CpuDevice.Threads = 1;
            Results alone = Run(Geometries[index], ConvolutionAlgorithm.Winograd);
            foreach (int count in (int[])[2, 7])
            {
                CpuDevice.Threads = count;
                Results together = Run(Geometries[index], ConvolutionAlgorithm.Winograd);
                Assert.That(Values(together.Y), Is.EqualTo(Values(alone.Y)), $"y, {count} threads");
                Assert.That(Values(together.Dx), Is.EqualTo(Values(alone.Dx)), $"dx, {count} threads");
                Assert.That(Values(together.Dw), Is.EqualTo(Values(alone.Dw)), $"dw, {count} threads");
                Assert.That(Values(together.Db), Is.EqualTo(Values(alone.Db)), $"db, {count} threads");
            }
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    // By shape alone: many tiles of many channels, but neither single pixels nor windows of other sizes.
    [TestCase(32, 64, 56, 3, 1, true)]
    [TestCase(1, 64, 56, 3, 1, true)]
    [TestCase(32, 512, 7, 3, 1, true)]
    [TestCase(1, 512, 3, 3, 1, false)]
    [TestCase(32, 64, 56, 5, 1, false)]
    [TestCase(32, 64, 56, 3, 2, false)]
    [TestCase(32, 3, 56, 3, 1, false)]
    public void ItIsChosenWhereItPays(int images, int channels, int extent, int kernel, int stride, bool expected)
    {
        ConvolutionGeometry geometry = new(
            images, channels, channels, 1, new Shape(extent, extent), new Shape(kernel, kernel),
            new Shape(stride, stride), new Shape(1, 1), new Shape(1, 1),
            1);
        using NativeConvolution made = new((CpuDevice)Device.Cpu, geometry, bias: false, training: true);
        foreach (ConvolutionPass pass in Enum.GetValues<ConvolutionPass>())
            Assert.That(made.Algorithm(pass).StartsWith("winograd", StringComparison.Ordinal), Is.EqualTo(expected),
                $"{pass} by {made.Algorithm(pass)}");
    }

    private static Results Run(ConvolutionGeometry geometry, ConvolutionAlgorithm algorithm)
    {
        NaiveConvolution naive = new(geometry);
        using NativeConvolution made = new((CpuDevice)Device.Cpu, geometry, bias: true, training: true, algorithm);
        Tensor x = Input(naive.InputShape, 1), w = Input(geometry.WeightShape, 2),
            b = Input(new Shape(geometry.OutputChannels), 3);
        Tensor dy = Input(naive.OutputShape, 4);
        Results results = new(
            new Tensor(naive.OutputShape), new Tensor(naive.InputShape), new Tensor(w.Shape), new Tensor(b.Shape),
            [.. Enum.GetValues<ConvolutionPass>().Select(made.Algorithm)]);
        made.Forward(x, w, b, results.Y);
        made.BackwardData(dy, w, results.Dx);
        made.BackwardWeights(x, dy, results.Dw, results.Db);
        return results;
    }

    private static Tensor Input(Shape shape, ulong seed) => OperatorValues.Random(shape, seed);

    private static double[] Doubles(Tensor tensor) => [.. Values(tensor).Select(value => (double)value)];

    private static ConvolutionGeometry Make(int images, int inputs, int outputs, int height, int width, int padH,
        int padW) =>
        new(images, inputs, outputs, 1, new Shape(height, width), new Shape(3, 3), new Shape(1, 1),
            new Shape(padH, padW), new Shape(1, 1), 1);

    private sealed record Results(Tensor Y, Tensor Dx, Tensor Dw, Tensor Db, string[] Algorithms);
}
