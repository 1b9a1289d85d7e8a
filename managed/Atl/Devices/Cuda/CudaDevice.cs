namespace Atl.Devices.Cuda;

/// <summary>
/// An NVIDIA GPU, on its primary context and one stream of its own. It has the margin inner product; what else a net needs runs on the CPU, with copies.
/// Memory layouts are changed on the host.
/// </summary>
public sealed class CudaDevice : Device
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, CudaDevice> Devices = [];

    private readonly int _device;
    private readonly nint _context;
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
        long bytes = shape.Count * sizeof(float);
        using MemoryBlock before = Cpu.Allocate(bytes), after = Cpu.Allocate(bytes);
        Download(source, before.Pointer, bytes);
        Cpu.Reorder(shape, from, before.Pointer, to, after.Pointer);
        Upload(after.Pointer, destination, bytes);
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
