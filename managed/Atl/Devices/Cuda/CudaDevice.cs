namespace Atl.Devices.Cuda;

/// <summary>
/// An NVIDIA GPU, on its primary context and one stream of its own. Blobs lie there in plain order; docs/gpu.md lists the operators that it has. What else
/// a net needs runs on the CPU, with copies.
/// </summary>
public sealed class CudaDevice : Device
{
    // Enough to even out multiprocessors that finish at different times; a multiprocessor runs 8 blocks of 256 threads at once.
    private const int BlocksPerMultiprocessor = 32;
    private const long MostWorkspace = 256 << 20;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, CudaDevice> Devices = [];

    private readonly int _device;
    private readonly nint _context;
    private readonly long _memory;
    private CudaKernel? _reorder;
    private Cublas? _cublas;

    private CudaDevice(ICudaDriver driver, int ordinal)
    {
        (Driver, Ordinal) = (driver, ordinal);
        driver.Check(driver.DeviceGet(out _device, ordinal));
        driver.Check(driver.DevicePrimaryCtxRetain(out _context, _device));
        MakeCurrent();
        driver.Check(driver.StreamCreate(out nint stream));
        Stream = stream;
        Kernels = new CudaKernels(this, driver);
        driver.Check(driver.DeviceGetAttribute(out int multiprocessors, CudaAttribute.MultiprocessorCount, _device));
        driver.Check(driver.DeviceTotalMem(out _memory, _device));
        GridLimit = BlocksPerMultiprocessor * multiprocessors;
    }

    /// <summary>The number of GPUs.</summary>
    /// <exception cref="DeviceException">There is no driver.</exception>
    public static int Count
    {
        get
        {
            ICudaDriver driver = CudaDriver.Load();
            driver.Check(driver.DeviceGetCount(out int count));
            return count;
        }
    }

    /// <summary>The GPU's number, counted from 0.</summary>
    public int Ordinal { get; }

    /// <summary>What the maker calls it.</summary>
    public string Model
    {
        get
        {
            Driver.Check(Driver.DeviceGetName(out string name, _device));
            return name;
        }
    }

    /// <summary>The version of what it can run: 8.0, 9.0.</summary>
    public Version ComputeCapability
    {
        get
        {
            Driver.Check(Driver.DeviceGetAttribute(out int major, CudaAttribute.ComputeCapabilityMajor, _device));
            Driver.Check(Driver.DeviceGetAttribute(out int minor, CudaAttribute.ComputeCapabilityMinor, _device));
            return new Version(major, minor);
        }
    }

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"cuda:{Ordinal}");

    /// <summary>The driver.</summary>
    internal ICudaDriver Driver { get; }

    /// <summary>The stream that all work goes to.</summary>
    internal nint Stream { get; }

    /// <summary>The kernels.</summary>
    internal CudaKernels Kernels { get; }

    /// <summary>The most blocks of a grid whose kernel goes on in steps of the grid.</summary>
    internal int GridLimit { get; }

    /// <summary>
    /// The bytes of <see cref="Device.Workspace"/> that an operator may ask for where it could do with less: an eighth of the memory, or of its limit, at most
    /// 256 MiB.
    /// </summary>
    internal long WorkspaceBudget => Math.Min(MostWorkspace, Math.Min(_memory, MemoryLimit) / 8);

    /// <summary>cuBLAS on this device, loaded at first use.</summary>
    internal Cublas Blas
    {
        get
        {
            MakeCurrent();
            return _cublas ??= new Cublas(Stream);
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

    /// <summary>GPU number <paramref name="ordinal"/>; one device object each, which lives until it is disposed.</summary>
    /// <exception cref="DeviceException">There is no driver, or no such GPU.</exception>
    public static CudaDevice Get(int ordinal)
    {
        lock (Gate)
        {
            if (Devices.TryGetValue(ordinal, out CudaDevice? device)) return device;
            CheckOrdinal(ordinal);
            return Devices[ordinal] = new CudaDevice(CudaDriver.Load(), ordinal);
        }
    }

    /// <summary>Refuses the number of a GPU that is not there.</summary>
    /// <exception cref="DeviceException">There is no driver, or no such GPU.</exception>
    internal static void CheckOrdinal(int ordinal)
    {
        int count = Count;
        if (ordinal < 0 || ordinal >= count)
            throw new DeviceException(FormattableString.Invariant($"there is no GPU number {ordinal}: this machine has {count}, counted from 0"));
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        MakeCurrent();
        Driver.Check(Driver.StreamSynchronize(Stream));
    }

    /// <inheritdoc/>
    public override void Zero(nint pointer, long bytes)
    {
        MakeCurrent();
        if (bytes > 0) Driver.Check(Driver.MemsetD8Async(pointer, 0, bytes, Stream));
    }

    /// <inheritdoc/>
    public override void Copy(nint source, nint destination, long bytes)
    {
        MakeCurrent();
        if (bytes > 0) Driver.Check(Driver.MemcpyDtoDAsync(destination, source, bytes, Stream));
    }

    /// <inheritdoc/>
    public override void Upload(nint hostSource, nint destination, long bytes)
    {
        MakeCurrent();
        if (bytes > 0) Driver.Check(Driver.MemcpyHtoDAsync(destination, hostSource, bytes, Stream));
    }

    /// <inheritdoc/>
    public override void Download(nint source, nint hostDestination, long bytes)
    {
        MakeCurrent();
        if (bytes > 0) Driver.Check(Driver.MemcpyDtoHAsync(hostDestination, source, bytes, Stream));
        Synchronize();
    }

    /// <inheritdoc/>
    public override void Reorder(Shape shape, Layout from, nint source, Layout to, nint destination)
    {
        _reorder ??= new CudaKernel(this, KernelSignatures.Reorder);
        _reorder.LaunchThreads(
            shape.Count, shape.Count, (long)shape[1], shape.CountFrom(2), (long)from.Block(shape), source, (long)to.Block(shape), destination);
    }

    /// <summary>Frees everything and gives the context up.</summary>
    public override void Dispose()
    {
        lock (Gate)
        {
            if (!Devices.Remove(Ordinal)) return;
            Synchronize();
            Workspace.Clear();
            base.Dispose();
            _cublas?.Destroy();
            _reorder = null;
            Kernels.Unload();
            Driver.Check(Driver.StreamDestroy(Stream));
            Driver.Check(Driver.DevicePrimaryCtxRelease(_device));
        }
    }

    /// <summary>Makes the context the calling thread's, as every call of the driver needs it.</summary>
    internal void MakeCurrent() => Driver.Check(Driver.CtxSetCurrent(_context));

    /// <summary>Starts a kernel on the stream.</summary>
    internal void Launch(nint function, uint grid, uint block, ReadOnlySpan<nint> parameters)
    {
        MakeCurrent();
        Driver.Check(Driver.LaunchKernel(function, grid, block, Stream, parameters));
    }

    /// <inheritdoc/>
    protected override nint AllocateRaw(long bytes)
    {
        MakeCurrent();
        Driver.Check(Driver.MemAlloc(out nint pointer, bytes));
        return pointer;
    }

    /// <inheritdoc/>
    protected override void FreeRaw(nint pointer)
    {
        MakeCurrent();
        Driver.Check(Driver.MemFree(pointer));
    }
}
