using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.Native;
using Atl.Operators;
using MarginType = Atl.Proto.MarginInnerProductParameter.Types.MarginType;

namespace Atl.Tests.Devices.Cuda;

/// <summary>The CUDA device held against the CPU.</summary>
public class CudaDeviceTests
{
    private const int OutOfMemory = 2;

    [Test]
    public void TheMarginInnerProductEqualsTheCpus(
        [Values] MarginType type, [Values] bool exact, [Values] bool semihard,
        [Values("3 5 7", "9 4 16", "1 1 1")] string sizes)
    {
        int[] mnk = [.. sizes.Split(' ').Select(int.Parse)];
        MarginInnerProductSpec spec = new(mnk[0], mnk[1], mnk[2], type, exact, semihard);
        float[][] expected = Run(Device.Cpu, spec), found = Run(Gpu.Device(), spec);
        foreach ((float[] of, float[] by) in expected.Zip(found))
            Assert.That(by, Is.EqualTo(of).Within(1e-4));
    }

    [Test]
    public void AStepLaunchesFourKernels([Values] bool semihard)
    {
        CudaDevice gpu = Gpu.StandInDevice();
        long before = Gpu.Launches();
        Run(gpu, new MarginInnerProductSpec(3, 5, 7, MarginType.Triple, false, semihard));
        Assert.That(Gpu.Launches() - before, Is.EqualTo(4), "normalize, forward, backward and replace");
    }

    [Test]
    public void ALabelThatIsNoClassIsAnError()
    {
        using MarginInnerProduct margin = Gpu.Device()
            .Create(new MarginInnerProductSpec(1, 2, 3, MarginType.Double, false, false));
        using Tensor x = new(new Shape(1, 3)), label = new(new Shape(1)), w = new(new Shape(2, 3)),
            y = new(new Shape(1, 2));
        label.Fill(2);
        Assert.That(Assert.Throws<DeviceException>(() => margin.Forward(x, label, w, 1, y))!.Message,
            Does.Contain("sample 0 has the label 2"));
    }

    [Test]
    public void OtherOperatorsRunOnTheCpu()
    {
        List<Type> fellBack = [];
        CudaDevice gpu = Gpu.Device();
        gpu.FellBack += fellBack.Add;
        using Tile tile = gpu.Create(new TileSpec(1, 2, 3));
        gpu.FellBack -= fellBack.Add;
        Assert.That(tile.GetType().Name, Does.StartWith("Cpu"));
        Assert.That(fellBack, Is.EqualTo([typeof(TileSpec)]));
    }

    [Test]
    public void ElementsComeBackInEveryLayout()
    {
        CudaDevice gpu = Gpu.Device();
        using Tensor tensor = new(new Shape(2, 16, 3, 3));
        float[] values = [.. Enumerable.Range(0, (int)tensor.Count).Select(i => (float)i)];
        foreach (Layout layout in Enum.GetValues<Layout>())
        {
            values.CopyTo(tensor.AsWriteOnlySpan());
            tensor.ReadWrite(gpu);
            tensor.ReadWrite(gpu, layout);
            Assert.That(tensor.AsReadOnlySpan().ToArray(), Is.EqualTo(values), $"{layout}");
        }
    }

    [Test]
    public void AFullDeviceIsAskedAgainOnceItsPoolIsFreed()
    {
        CudaDevice gpu = Gpu.StandInDevice();
        gpu.Allocate(8 << 20).Dispose();
        Gpu.Fail("cuMemAlloc", OutOfMemory);
        using MemoryBlock block = gpu.Allocate(1 << 20);
        Assert.That(gpu.BytesPooled, Is.Zero);
    }

    [Test]
    public void AnErrorNamesTheCallTheReasonAndWhatIsHeld()
    {
        CudaDevice gpu = Gpu.Device();
        DeviceMemoryException refused = Assert.Throws<DeviceMemoryException>(() => gpu.Allocate(1L << 40))!;
        Assert.That(refused.Message,
            Does.Contain("cuMemAlloc failed: CUDA_ERROR_OUT_OF_MEMORY (2)").And.Contain("cuda:0:").And.Contain(
                "bytes in use"));
    }

    [Test]
    public void AnErrorOfTheStreamNamesTheCall()
    {
        CudaDevice gpu = Gpu.StandInDevice();
        Gpu.Fail("cuStreamSynchronize", 700);
        CudaException failed = Assert.Throws<CudaException>(gpu.Synchronize)!;
        Assert.That((failed.Call, failed.Result, failed.ResultName),
            Is.EqualTo(("cuStreamSynchronize", 700, "CUDA_ERROR_ILLEGAL_ADDRESS")));
    }

    [Test]
    public void TheLimitHolds()
    {
        CudaDevice gpu = Gpu.Device();
        gpu.MemoryLimit = gpu.BytesInUse + (1 << 20);
        try
        {
            Assert.That(Assert.Throws<DeviceMemoryException>(() => gpu.Allocate(2 << 20))!.Message,
                Does.Contain("the limit is reached"));
        }
        finally
        {
            gpu.MemoryLimit = long.MaxValue;
        }
    }

    [Test]
    public void AKernelThatIsMissingAndOnesWithOtherArgumentsAreErrors()
    {
        CudaDevice gpu = Gpu.Device();
        Assert.That(Assert.Throws<DeviceException>(() =>
            new CudaKernel(gpu, new KernelSignature("atl_none", "l", 256)))!.Message,
            Does.Contain("CUDA_ERROR_NOT_FOUND"));
        CudaKernel normalize = new(gpu, KernelSignatures.MarginNormalizeRows);
        Assert.Throws<ArgumentException>(() => normalize.Launch(1, 1, 256, 1L, 1L));
        Assert.Throws<ArgumentException>(() => normalize.Launch(1, 1, 256, 1, 1L, (nint)16));
        Assert.Throws<ArgumentException>(() => normalize.Launch(1, 1, 256, 1L, 1L, (nint)0));
        Assert.Throws<ArgumentOutOfRangeException>(() => normalize.Launch(1, 1, 512, 1L, 1L, (nint)16));
        CudaKernel columns = new(gpu, KernelSignatures.ConvolutionColumns);
        KernelArgument other = KernelArgument.Of(new NativeConvolutionAxis
        {
            Input = 1,
            Kernel = 1,
            Stride = 1,
            Pad = 0,
            Dilation = 1,
            Output = 1,
        });
        Assert.That(Assert.Throws<ArgumentException>(() => columns.Launch(1, 1, 256, other, (nint)16, (nint)16))!
            .Message,
            Does.StartWith("argument 0 of atl_convolution_columns is a NativeConvolutionAxis, expected a "
                + "NativeConvolutionWindows"));
    }

    [Test]
    public void EventsMeasureTheStream()
    {
        using CudaEvent start = new(Gpu.Device()), end = new(Gpu.Device());
        start.Record();
        end.Record();
        end.Synchronize();
        Assert.That(end.Since(start), Is.GreaterThanOrEqualTo(TimeSpan.Zero));
    }

    [Test]
    public void AGpuThatIsNotThereIsAnError()
    {
        Gpu.Device();
        Assert.That(Assert.Throws<DeviceException>(() => CudaDevice.Get(1000))!.Message,
            Does.Contain("GPU 1000 does not exist"));
    }

    // Logits, both gradients and the rows after the triplet bank's draws.
    private static float[][] Run(Device device, MarginInnerProductSpec spec)
    {
        using MarginInnerProduct margin = device.Create(spec);
        using Tensor x = Random(1, spec.Samples, spec.Features), w = Random(2, spec.Classes, spec.Features),
            dy = Random(3, spec.Samples, spec.Classes),
            label = new(new Shape(spec.Samples)), y = new(new Shape(spec.Samples, spec.Classes)),
            dx = new(new Shape(spec.Samples, spec.Features)),
            dw = Random(4, spec.Classes, spec.Features);
        Span<float> labels = label.AsWriteOnlySpan();
        for (int i = 0; i < labels.Length; i++) labels[i] = i % spec.Classes;
        margin.Forward(x, label, w, 5, y);
        margin.Backward(x, label, w, dy, dx, dw);
        RandomStream draws = new(11);
        margin.ReplaceRows(x, label, draws, w);
        Assert.That(draws.Position, Is.EqualTo((ulong)spec.Samples));
        return [y.AsReadOnlySpan().ToArray(), dx.AsReadOnlySpan().ToArray(), dw.AsReadOnlySpan().ToArray(),
            w.AsReadOnlySpan().ToArray()];
    }

    private static Tensor Random(ulong seed, params int[] dims)
    {
        Tensor tensor = new(new Shape(dims));
        RandomStream stream = new(seed, "values");
        foreach (ref float value in tensor.AsWriteOnlySpan()) value = stream.NextGaussian();
        return tensor;
    }
}
