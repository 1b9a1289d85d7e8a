using System.Reflection;
using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.TestSupport;

namespace Atl.Tests.Devices.Cuda;

/// <summary>
/// What the CUDA device makes at first use, keeps for reuse and gives up, also after errors; seen from the stand-in's
/// side.
/// </summary>
[NonParallelizable]
public sealed class CudaLifetimeTests
{
    private const int InvalidValue = 1, OutOfMemory = 2, IllegalAddress = 700;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private CudaDevice _gpu = null!;

    [SetUp]
    public void BeginWithANewDevice()
    {
        Gpu.StandInDevice().Dispose();
        Assert.That(Gpu.Held(), Is.EqualTo(default(CudaHoldings)), "what was there before is given up");
        _gpu = Gpu.StandInDevice();
    }

    [TearDown]
    public void LeaveNothing() => _gpu?.Dispose();

    [TestCase("cublasCreate")]
    [TestCase("cuModuleLoadData")]
    [TestCase("cuModuleGetFunction")]
    public void WhatIsMadeAtFirstUseIsMadeOnceByManyThreads(string call)
    {
        using Tensor tensor = new(new Shape(1, 16, 2, 2));
        nint memory = tensor.ReadWrite(_gpu);
        long before = Gpu.Calls(call);
        // So long that the threads meet in it where nothing keeps them apart.
        Gpu.Delay(call, TimeSpan.FromMilliseconds(200));
        try
        {
            using Barrier start = new(4);
            IEnumerable<Task> users = Enumerable.Range(0, start.ParticipantCount)
                .Select(_ => Task.Factory.StartNew(Use, TaskCreationOptions.LongRunning));
            Task.WaitAll([.. users]);

            void Use()
            {
                start.SignalAndWait();
                if (call == "cublasCreate")
                    _ = _gpu.Blas;
                else
                    _gpu.Reorder(tensor.Shape, Layout.Plain, memory, Layout.Plain, memory);
            }
        }
        finally
        {
            Gpu.Delay(call, TimeSpan.Zero);
        }
        Assert.That(Gpu.Calls(call) - before, Is.EqualTo(1));
    }

    [Test]
    public void WhatCannotBeMadeAtFirstIsTriedAgain([Values("cublasCreate", "cublasSetStream")] string call)
    {
        Gpu.Fail(call, InvalidValue);
        Assert.That(Assert.Throws<CudaException>(() => _ = _gpu.Blas)!.Call, Is.EqualTo(call));
        Assert.That(Gpu.Held().BlasHandles, Is.Zero, "a handle without a stream is given up");
        Assert.That(_gpu.Blas, Is.Not.Null);
    }

    [Test]
    public void TheContextIsReleasedWhereTheDeviceCannotBeSetUp()
    {
        _gpu.Dispose();
        Gpu.Fail("cuStreamCreate", OutOfMemory);
        Assert.Throws<CudaException>(() => CudaDevice.Get(0));
        Assert.That(Gpu.Held(), Is.EqualTo(default(CudaHoldings)));
        _gpu = CudaDevice.Get(0);
        Assert.That(Gpu.Held(), Is.EqualTo(default(CudaHoldings) with { Contexts = 1, Streams = 1 }));
    }

    [TestCase("cuStreamSynchronize", 719)]
    [TestCase("cuStreamSynchronize", IllegalAddress)]
    [TestCase("cuMemFree", IllegalAddress)]
    [TestCase("cuModuleUnload", IllegalAddress)]
    public void TheContextIsReleasedAfterAnErrorThatTheGpuDoesNotRecoverFrom(string call, int result)
    {
        LogCapture log = new();
        _gpu.Dispose();
        _gpu = CudaDevice.Get(0, log);
        UseEverything(_gpu);
        using MemoryBlock inUse = _gpu.Allocate(1000);
        Gpu.Fail(call, result, losesContext: true);
        if (call == "cuStreamSynchronize")
        {
            Assert.Throws<CudaException>(_gpu.Synchronize);
            Assert.Throws<CudaException>(_gpu.Synchronize, "the context stays lost");
        }
        _gpu.Dispose();
        Assert.That(Gpu.Held(), Is.EqualTo(default(CudaHoldings)));
        string warning = log.Lines.Single(entry => entry.Line.Contains("cuda:0", StringComparison.Ordinal)).Line;
        Assert.That(
            warning, Does.Contain($"cuda:0 is given up after an error: {call} failed: ").And.EndWith($" ({result})"));

        using CudaDevice next = CudaDevice.Get(0);
        Assert.That(next, Is.Not.SameAs(_gpu));
        UseEverything(next);
    }

    [Test]
    public void ADeviceThatIsGivenUpTakesNothingBackAndDoesNothingMore()
    {
        MemoryBlock late = _gpu.Allocate(1000);
        _gpu.Dispose();
        late.Dispose();
        Assert.That((_gpu.BytesInUse, _gpu.BytesPooled), Is.EqualTo((0L, 0L)));
        Assert.Throws<ObjectDisposedException>(_gpu.Synchronize);
        Assert.Throws<ObjectDisposedException>(() => _gpu.Zero(256, 1));
        using CudaDevice next = CudaDevice.Get(0);
        _gpu.Dispose();
        Assert.That(CudaDevice.Get(0), Is.SameAs(next), "the second Dispose is not the next device's");
        next.Synchronize();
    }

    [Test]
    public void APointerThatIsFreedLeavesThePoolWhateverBecomesOfIt()
    {
        foreach (int bytes in (int[])[1000, 10_000, 100_000]) _gpu.Allocate(bytes).Dispose();
        long blocks = Gpu.Held().Blocks, calls = Gpu.Calls("cuMemFree");
        Gpu.Fail("cuMemFree", InvalidValue);
        Assert.That(Assert.Throws<CudaException>(_gpu.Trim)!.Call, Is.EqualTo("cuMemFree"));
        Assert.That(_gpu.BytesPooled, Is.Zero);
        Assert.That(Gpu.Held().Blocks, Is.EqualTo(blocks - 2), "the one that was refused did not keep the others");
        _gpu.Trim();
        Assert.That(Gpu.Calls("cuMemFree") - calls, Is.EqualTo(3), "none is freed twice");
        UseEverything(_gpu);
    }

    [Test]
    public void AnAllocationThatCannotMakeRoomLeavesThePoolAndTheSumsRight()
    {
        _gpu.Allocate(8 << 20).Dispose();
        Gpu.Fail("cuMemFree", InvalidValue);
        // The pool may be a quarter of the most that was in use, so that the block of 8 MiB has to go first.
        Assert.That(
            () => _gpu.Allocate(4 << 20),
            Throws.TypeOf<DeviceMemoryException>().With.Message.Contains("cuMemFree failed"));
        Assert.That((_gpu.BytesInUse, _gpu.BytesPooled), Is.EqualTo((0L, 0L)));
        using MemoryBlock block = _gpu.Allocate(4 << 20);
        _gpu.Zero(block.Pointer, block.Bytes);
    }

    [Test]
    public void WhatIsGivenBackDoesNotWaitForTheDriver()
    {
        _gpu.Allocate(10_000).Dispose();
        MemoryBlock block = _gpu.Allocate(1000);
        long before = Gpu.Calls("cuMemFree");
        Gpu.Delay("cuMemFree", 2 * Patience);
        Task trimming = Task.Run(_gpu.Trim);
        try
        {
            Assert.That(SpinWait.SpinUntil(() => Gpu.Calls("cuMemFree") > before, Patience), "the driver is at work");
            // On a thread of its own, as a finalizer is.
            Assert.That(Task.Run(block.Dispose).Wait(Patience), "it is given back meanwhile");
            Assert.That(trimming.IsCompleted, Is.False);
        }
        finally
        {
            Gpu.Delay("cuMemFree", TimeSpan.Zero);
        }
        Assert.That(trimming.Wait(Patience));
    }

    [Test]
    public void NoFinalizerCallsADriver()
    {
        Forgotten.Run(1, _ =>
        {
            _gpu.Allocate(1000);
            new CudaEvent(_gpu).Record();
        });
        long frees = Gpu.Calls("cuMemFree"), destroyed = Gpu.Calls("cuEventDestroy");
        _ = Forgotten.Left();
        Assert.That((_gpu.BytesInUse, _gpu.BytesPooled > 0), Is.EqualTo((0L, true)), "the pool has the block");
        Assert.That((Gpu.Calls("cuMemFree"), Gpu.Calls("cuEventDestroy")), Is.EqualTo((frees, destroyed)));
        Assert.That(Gpu.Held().Events, Is.EqualTo(1));
        _gpu.Synchronize();
        Assert.That(Gpu.Held().Events, Is.Zero, "the device's next user destroys it");
        _gpu.Trim();
        Assert.That((Gpu.Held().Blocks, _gpu.BytesHeld), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void WhatIsForgottenAfterTheDeviceIsGivenUpHasGoneWithIt()
    {
        Forgotten.Run(1, _ =>
        {
            _gpu.Allocate(1000);
            new CudaEvent(_gpu).Record();
            _gpu.Dispose();
        });
        _ = Forgotten.Left();
        Assert.That((_gpu.BytesInUse, _gpu.BytesPooled, _gpu.BytesHeld), Is.EqualTo((0L, 0L, 0L)));
        Assert.That(Gpu.Held().Contexts, Is.Zero);
    }

    [Test]
    public void FinalizersAreFewAndKnown()
    {
        IEnumerable<Type> types = typeof(CudaDevice).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Atl.Devices", StringComparison.Ordinal) == true);
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        Assert.That(
            types.Where(type => type.GetMethod("Finalize", Own) is not null),
            Is.EquivalentTo((Type[])[typeof(MemoryBlock), typeof(CudaEvent)]), "see that it calls no driver");
    }

    [Test]
    public void ForgottenNetsGiveTheGpusMemoryBack()
    {
        Forgotten.Run(20, i =>
        {
            Blob blob = new(new Shape(1, 16, 2, 2));
            blob.Data.Fill(i);
            blob.Data.ReadWrite(_gpu);
            blob.Diff.Write(_gpu);
        });
        Assert.That(_gpu.BytesInUse, Is.GreaterThan(0));
        _ = Forgotten.Left();
        Assert.That(_gpu.BytesInUse, Is.Zero);
    }

    [Test]
    public void ManyThreadsThatReadAtOnceMakeOneCopy()
    {
        using Tensor tensor = new(new Shape(1, 16, 2, 2));
        tensor.Fill(3);
        _gpu.Synchronize();
        (long before, _) = Gpu.Copies(uploads: true);
        Gpu.Delay("cuMemcpyHtoDAsync", TimeSpan.FromMilliseconds(200));
        try
        {
            using Barrier start = new(4);
            Task<nint>[] readers = [.. Enumerable.Range(0, start.ParticipantCount).Select(_ =>
                Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning))];
            nint[] found = Task.WhenAll(readers).GetAwaiter().GetResult();
            Assert.That(found, Is.All.EqualTo(found[0]));

            nint Read()
            {
                start.SignalAndWait();
                return tensor.Read(_gpu);
            }
        }
        finally
        {
            Gpu.Delay("cuMemcpyHtoDAsync", TimeSpan.Zero);
        }
        Assert.That(Gpu.Copies(uploads: true).Count - before, Is.EqualTo(1));
    }

    // Blas, a kernel, memory, copies and an event.
    private static void UseEverything(CudaDevice gpu)
    {
        Assert.That(gpu.Blas, Is.Not.Null);
        using Tensor tensor = new(new Shape(1, 16, 2, 2));
        tensor.Fill(3);
        nint memory = tensor.ReadWrite(gpu);
        gpu.Reorder(tensor.Shape, Layout.Plain, memory, Layout.Plain, memory);
        using CudaEvent mark = new(gpu);
        mark.Record();
        mark.Synchronize();
        Assert.That(tensor.AsReadOnlySpan().ToArray(), Is.All.EqualTo(3));
    }
}
