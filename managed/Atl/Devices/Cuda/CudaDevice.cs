using System.Collections.Concurrent;
using Atl.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atl.Devices.Cuda;

/// <summary>
/// An NVIDIA GPU, on its primary context and one stream of its own. Blobs lie there in plain order; docs/gpu.md lists
/// the operators that it has. What else a net needs runs on the CPU, with copies.
/// </summary>
public sealed class CudaDevice : Device
{
    // Enough to even out multiprocessors that finish at different times; a multiprocessor runs 8 blocks of 256 threads
    // at once.
    private const int BlocksPerMultiprocessor = 32;
    private const long MostWorkspace = 256 << 20;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, CudaDevice> Devices = [];

    private readonly ILogger _logger;
    private readonly ConcurrentQueue<IDisposable> _forgotten = new();
    private readonly long _memory;
    private object? _blasLock, _reorderLock;
    private CudaKernel? _reorder;
    private Cublas? _cublas;
    private volatile bool _isDisposed;

    private CudaDevice(ICudaDriver driver, int ordinal, ILogger logger)
    {
        (Driver, Ordinal, _logger) = (driver, ordinal, logger);
        _memory = driver.DeviceMemory(ordinal);
        GridLimit = BlocksPerMultiprocessor * driver.DeviceAttribute(ordinal, CudaAttribute.MultiprocessorCount);
        Context = driver.RetainPrimaryContext(ordinal);
        try
        {
            MakeCurrent();
            Stream = Context.CreateStream();
        }
        catch (DeviceException)
        {
            Release(Context.Dispose);
            throw;
        }
        Kernels = new CudaKernels(this);
    }

    /// <summary>The number of GPUs.</summary>
    /// <exception cref="DeviceException">There is no driver.</exception>
    public static int Count => CudaDriver.Load().DeviceCount;

    /// <summary>The GPU's number, counted from 0.</summary>
    public int Ordinal { get; }

    /// <summary>The manufacturer's name of the model.</summary>
    public string Model => Driver.DeviceName(Ordinal);

    /// <summary>The version of what it can run: 8.0, 9.0.</summary>
    public Version ComputeCapability => new(
        Driver.DeviceAttribute(Ordinal, CudaAttribute.ComputeCapabilityMajor),
        Driver.DeviceAttribute(Ordinal, CudaAttribute.ComputeCapabilityMinor));

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"cuda:{Ordinal}");

    // What comes back later has gone with the context.
    /// <inheritdoc/>
    protected override bool TakesBack => !_isDisposed;

    /// <summary>The driver.</summary>
    internal ICudaDriver Driver { get; }

    /// <summary>The context, which is the GPU's primary one.</summary>
    internal ICudaContext Context { get; }

    /// <summary>The stream that all work goes to.</summary>
    internal ICudaStream Stream { get; }

    /// <summary>The kernels.</summary>
    internal CudaKernels Kernels { get; }

    /// <summary>The most blocks of a grid whose kernel goes on in steps of the grid.</summary>
    internal int GridLimit { get; }

    /// <summary>
    /// The bytes of <see cref="Device.Workspace"/> that an operator may ask for where it could do with less: an eighth
    /// of the memory, or of its limit, at most 256 MiB.
    /// </summary>
    internal long WorkspaceBudget => Math.Min(MostWorkspace, Math.Min(_memory, MemoryLimit) / 8);

    /// <summary>cuBLAS on this device, loaded at first use, once, by whichever thread comes first.</summary>
    internal Cublas Blas
    {
        get
        {
            MakeCurrent();
            return LazyInitializer.EnsureInitialized(ref _cublas, ref _blasLock, () => new Cublas(Stream.Handle));
        }
    }

    /// <summary>Why CUDA finds no GPU on this machine; null where it finds one.</summary>
    public static string? WhyNone()
    {
        try
        {
            return Count > 0 ? null : "the CUDA driver finds no GPU";
        }
        catch (DeviceException e)
        {
            return e.Message;
        }
    }

    /// <summary>GPU number <paramref name="ordinal"/>; one device object each, which lives until it is
    /// disposed.</summary>
    /// <param name="ordinal">The number, counted from 0.</param>
    /// <param name="logger">
    /// The logger that is warned where the device is given up after an error; null for none. The first call's counts.
    /// </param>
    /// <exception cref="DeviceException">There is no driver, or no such GPU.</exception>
    public static CudaDevice Get(int ordinal, ILogger? logger = null)
    {
        lock (Gate)
        {
            if (Devices.TryGetValue(ordinal, out CudaDevice? device)) return device;
            CheckOrdinal(ordinal);
            return Devices[ordinal] = new CudaDevice(CudaDriver.Load(), ordinal, logger ?? NullLogger.Instance);
        }
    }

    /// <summary>Refuses the number of a GPU that is not there.</summary>
    /// <exception cref="DeviceException">There is no driver, or no such GPU.</exception>
    internal static void CheckOrdinal(int ordinal)
    {
        int count = Count;
        if (ordinal < 0 || ordinal >= count)
            throw new DeviceException(FormattableString.Invariant(
                $"GPU {ordinal} does not exist: this machine has {count}, numbered from 0"));
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        MakeCurrent();
        DestroyForgotten();
        Stream.Synchronize();
    }

    /// <inheritdoc/>
    public override void Zero(nint pointer, long bytes)
    {
        MakeCurrent();
        if (bytes > 0) Stream.Fill(pointer, 0, bytes);
    }

    /// <inheritdoc/>
    public override void Copy(nint source, nint destination, long bytes)
    {
        MakeCurrent();
        if (bytes > 0) Stream.Copy(source, destination, bytes);
    }

    /// <inheritdoc/>
    public override void Upload(nint hostSource, nint destination, long bytes)
    {
        MakeCurrent();
        if (bytes > 0) Stream.Upload(hostSource, destination, bytes);
    }

    /// <inheritdoc/>
    public override void Download(nint source, nint hostDestination, long bytes)
    {
        MakeCurrent();
        if (bytes > 0) Stream.Download(source, hostDestination, bytes);
        Synchronize();
    }

    /// <inheritdoc/>
    public override void Reorder(Shape shape, Layout from, nint source, Layout to, nint destination)
    {
        CudaKernel reorder = LazyInitializer.EnsureInitialized(ref _reorder, ref _reorderLock,
            () => new CudaKernel(this, KernelSignatures.Reorder));
        reorder.LaunchThreads(
            shape.Count, shape.Count, (long)shape[1], shape.CountFrom(2), (long)from.Block(shape), source,
            (long)to.Block(shape), destination);
    }

    /// <summary>
    /// Frees everything and gives the context up. After an error that the GPU does not recover from every call fails;
    /// what the driver refuses then is said once in the log, and the context is released all the same. Later calls do
    /// nothing.
    /// </summary>
    public override void Dispose()
    {
        lock (Gate)
        {
            if (_isDisposed) return;
            Devices.Remove(Ordinal);
            Release(Synchronize, DestroyForgotten, Workspace.Clear, base.Dispose, () => _cublas?.Destroy(),
                Kernels.Unload, Stream.Dispose, Context.Dispose);
            _isDisposed = true;
        }
    }

    /// <summary>Makes the context the calling thread's, as every call of the driver needs it.</summary>
    /// <exception cref="ObjectDisposedException">The device is disposed.</exception>
    internal void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Context.MakeCurrent();
    }

    /// <summary>Keeps something of the driver's that was forgotten until a thread that may wait uses the
    /// device.</summary>
    internal void DestroyLater(IDisposable forgotten) => _forgotten.Enqueue(forgotten);

    /// <inheritdoc/>
    protected override nint AllocateRaw(long bytes)
    {
        MakeCurrent();
        DestroyForgotten();
        return Context.Allocate(bytes);
    }

    /// <inheritdoc/>
    protected override void FreeRaw(nint pointer)
    {
        MakeCurrent();
        Context.Free(pointer);
    }

    private void DestroyForgotten()
    {
        while (_forgotten.TryDequeue(out IDisposable? forgotten)) forgotten.Dispose();
    }

    // Every step is taken, whatever becomes of those before it. The first failure tells why the rest fail.
    private void Release(params ReadOnlySpan<Action> steps)
    {
        DeviceException? failure = null;
        foreach (Action step in steps)
        {
            try
            {
                step();
            }
            catch (DeviceException e)
            {
                failure ??= e;
            }
        }
        if (failure is not null)
            _logger.Warning("cuda_device.cpp", $"{Name} is given up after an error: {failure.Message}");
    }
}
