using Atl.Devices;
using Atl.Devices.Cpu;
using Atl.Operators;
using static Atl.Tests.Operators.OperatorValues;

namespace Atl.Tests.Operators;

/// <summary>Sums over channels give the same bits whatever the number of threads.</summary>
[NonParallelizable]
public class DeterminismTests
{
    [TestCase(Layout.Plain, 4, 16, 3000)]
    [TestCase(Layout.Plain, 5, 3, 9001)]
    [TestCase(Layout.ChannelsLast, 3, 24, 5000)]
    [TestCase(Layout.Blocked8, 4, 16, 5000)]
    [TestCase(Layout.Blocked16, 7, 64, 777)]
    [TestCase(Layout.Plain, 4000, 33, 1)]
    public void SumsDoNotDependOnTheNumberOfThreads(Layout layout, int n, int c, int spatial)
    {
        Shape shape = new(n, c, spatial);
        int threads = CpuDevice.Threads;
        try
        {
            float[] expected = Gradients(shape, layout, 1);
            foreach (int count in (int[])[2, 3, 7])
                Assert.That(Gradients(shape, layout, count).AsSpan().SequenceEqual(expected), $"{count} threads");
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    private static float[] Gradients(Shape shape, Layout layout, int threads)
    {
        CpuDevice.Threads = threads;
        Tensor x = Random(shape, 1, layout), dy = Random(shape, 2, layout), dx = new(shape);
        Tensor scale = Random(new Shape(shape[1]), 3), dscale = new(scale.Shape), dshift = new(scale.Shape);
        using Affine affine = Device.Cpu.Create(new AffineSpec(shape, 1, 2));
        affine.Backward(x, scale, dy, dx, dscale, dshift);
        return [.. dscale.AsReadOnlySpan(), .. dshift.AsReadOnlySpan(), .. dx.AsReadOnlySpan()];
    }
}
