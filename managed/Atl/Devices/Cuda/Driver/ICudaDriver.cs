namespace Atl.Devices.Cuda;

/// <summary>
/// The seam between the CUDA device and a binding of the CUDA driver: the functions of the driver's C API that Atl calls, named like them without
/// <c>cu</c>. Every method gives the driver's CUresult; <see cref="CudaDriver.Check"/> turns it into an exception.
/// </summary>
/// <remarks>Handles and addresses are <see cref="nint"/>. May be called from several threads at once; the current context is each thread's own.</remarks>
internal unsafe interface ICudaDriver
{
    /// <summary>cuInit(0).</summary>
    int Init();

    /// <summary>1000·major + 10·minor of the newest CUDA that the driver serves.</summary>
    int DriverGetVersion(out int version);

    /// <summary>CUDA_ERROR_... of a result; null for one that the driver does not know.</summary>
    string? GetErrorName(int result);

    /// <summary>The number of GPUs.</summary>
    int DeviceGetCount(out int count);

    /// <summary>The handle of GPU number <paramref name="ordinal"/>.</summary>
    int DeviceGet(out int device, int ordinal);

    /// <summary>A GPU's name.</summary>
    int DeviceGetName(out string name, int device);

    /// <summary>A GPU's memory in bytes.</summary>
    int DeviceTotalMem(out long bytes, int device);

    /// <summary>A property of a GPU.</summary>
    int DeviceGetAttribute(out int value, CudaAttribute attribute, int device);

    /// <summary>The context that all users of a GPU in this process share.</summary>
    int DevicePrimaryCtxRetain(out nint context, int device);

    /// <summary>Gives the primary context up.</summary>
    int DevicePrimaryCtxRelease(int device);

    /// <summary>Makes a context the calling thread's.</summary>
    int CtxSetCurrent(nint context);

    /// <summary>The current GPU's free and total memory in bytes.</summary>
    int MemGetInfo(out long free, out long total);

    /// <summary>Allocates device memory.</summary>
    int MemAlloc(out nint pointer, long bytes);

    /// <summary>Frees device memory.</summary>
    int MemFree(nint pointer);

    /// <summary>Copies from the host; the host's memory may be used again at return.</summary>
    int MemcpyHtoDAsync(nint destination, nint source, long bytes, nint stream);

    /// <summary>Copies to the host; done once the stream is.</summary>
    int MemcpyDtoHAsync(nint destination, nint source, long bytes, nint stream);

    /// <summary>Copies within the device.</summary>
    int MemcpyDtoDAsync(nint destination, nint source, long bytes, nint stream);

    /// <summary>Sets bytes.</summary>
    int MemsetD8Async(nint destination, byte value, long bytes, nint stream);

    /// <summary>Loads a fatbin, cubin or PTX into the current context.</summary>
    int ModuleLoadData(out nint module, ReadOnlySpan<byte> image);

    /// <summary>Unloads a module.</summary>
    int ModuleUnload(nint module);

    /// <summary>Finds a kernel.</summary>
    int ModuleGetFunction(out nint function, nint module, string name);

    /// <summary>Starts a kernel on a one-dimensional grid; <paramref name="parameters"/> has the address of each argument.</summary>
    int LaunchKernel(nint function, uint grid, uint block, nint stream, ReadOnlySpan<nint> parameters);

    /// <summary>Makes a stream that does not wait for the default one.</summary>
    int StreamCreate(out nint stream);

    /// <summary>Gives a stream up.</summary>
    int StreamDestroy(nint stream);

    /// <summary>Waits for a stream.</summary>
    int StreamSynchronize(nint stream);

    /// <summary>Makes an event.</summary>
    int EventCreate(out nint handle);

    /// <summary>Gives an event up.</summary>
    int EventDestroy(nint handle);

    /// <summary>Marks the present end of a stream.</summary>
    int EventRecord(nint handle, nint stream);

    /// <summary>Waits for an event.</summary>
    int EventSynchronize(nint handle);

    /// <summary>The time between two events.</summary>
    int EventElapsedTime(out float milliseconds, nint start, nint end);
}
