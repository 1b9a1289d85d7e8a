using System.Runtime.InteropServices;

namespace Atl.Devices.Cuda;

/// <summary>The driver's C API by itself: libcuda.so.1 or nvcuda.dll.</summary>
internal sealed unsafe partial class NativeCudaDriver : ICudaDriver
{
    private const int NameLength = 256;
    private const uint NonBlocking = 1;

    public int Init() => CuInit(0);

    public int DriverGetVersion(out int version) => CuDriverGetVersion(out version);

    public string? GetErrorName(int result) => CuGetErrorName(result, out nint name) == 0 ? Marshal.PtrToStringUTF8(name) : null;

    public int DeviceGetCount(out int count) => CuDeviceGetCount(out count);

    public int DeviceGet(out int device, int ordinal) => CuDeviceGet(out device, ordinal);

    public int DeviceGetName(out string name, int device)
    {
        byte* text = stackalloc byte[NameLength];
        int result = CuDeviceGetName(text, NameLength, device);
        name = result == 0 ? Marshal.PtrToStringUTF8((nint)text) ?? "" : "";
        return result;
    }

    public int DeviceTotalMem(out long bytes, int device) => CuDeviceTotalMem(out bytes, device);

    public int DeviceGetAttribute(out int value, CudaAttribute attribute, int device) => CuDeviceGetAttribute(out value, attribute, device);

    public int DevicePrimaryCtxRetain(out nint context, int device) => CuDevicePrimaryCtxRetain(out context, device);

    public int DevicePrimaryCtxRelease(int device) => CuDevicePrimaryCtxRelease(device);

    public int CtxSetCurrent(nint context) => CuCtxSetCurrent(context);

    public int MemGetInfo(out long free, out long total) => CuMemGetInfo(out free, out total);

    public int MemAlloc(out nint pointer, long bytes) => CuMemAlloc(out pointer, bytes);

    public int MemFree(nint pointer) => CuMemFree(pointer);

    public int MemcpyHtoDAsync(nint destination, nint source, long bytes, nint stream) => CuMemcpyHtoDAsync(destination, source, bytes, stream);

    public int MemcpyDtoHAsync(nint destination, nint source, long bytes, nint stream) => CuMemcpyDtoHAsync(destination, source, bytes, stream);

    public int MemcpyDtoDAsync(nint destination, nint source, long bytes, nint stream) => CuMemcpyDtoDAsync(destination, source, bytes, stream);

    public int MemsetD8Async(nint destination, byte value, long bytes, nint stream) => CuMemsetD8Async(destination, value, bytes, stream);

    public int ModuleLoadData(out nint module, ReadOnlySpan<byte> image)
    {
        fixed (byte* start = image) return CuModuleLoadData(out module, start);
    }

    public int ModuleUnload(nint module) => CuModuleUnload(module);

    public int ModuleGetFunction(out nint function, nint module, string name) => CuModuleGetFunction(out function, module, name);

    public int LaunchKernel(nint function, uint grid, uint block, nint stream, ReadOnlySpan<nint> parameters)
    {
        fixed (nint* addresses = parameters) return CuLaunchKernel(function, grid, 1, 1, block, 1, 1, 0, stream, addresses, null);
    }

    public int StreamCreate(out nint stream) => CuStreamCreate(out stream, NonBlocking);

    public int StreamDestroy(nint stream) => CuStreamDestroy(stream);

    public int StreamSynchronize(nint stream) => CuStreamSynchronize(stream);

    public int EventCreate(out nint handle) => CuEventCreate(out handle, 0);

    public int EventDestroy(nint handle) => CuEventDestroy(handle);

    public int EventRecord(nint handle, nint stream) => CuEventRecord(handle, stream);

    public int EventSynchronize(nint handle) => CuEventSynchronize(handle);

    public int EventElapsedTime(out float milliseconds, nint start, nint end) => CuEventElapsedTime(out milliseconds, start, end);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuInit")]
    private static partial int CuInit(uint flags);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuDriverGetVersion")]
    private static partial int CuDriverGetVersion(out int version);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuGetErrorName")]
    private static partial int CuGetErrorName(int result, out nint name);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuDeviceGetCount")]
    private static partial int CuDeviceGetCount(out int count);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuDeviceGet")]
    private static partial int CuDeviceGet(out int device, int ordinal);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuDeviceGetName")]
    private static partial int CuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuDeviceTotalMem_v2")]
    private static partial int CuDeviceTotalMem(out long bytes, int device);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuDeviceGetAttribute")]
    private static partial int CuDeviceGetAttribute(out int value, CudaAttribute attribute, int device);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int CuDevicePrimaryCtxRetain(out nint context, int device);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static partial int CuDevicePrimaryCtxRelease(int device);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuCtxSetCurrent")]
    private static partial int CuCtxSetCurrent(nint context);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int CuMemGetInfo(out long free, out long total);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuMemAlloc_v2")]
    private static partial int CuMemAlloc(out nint pointer, long bytes);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuMemFree_v2")]
    private static partial int CuMemFree(nint pointer);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    private static partial int CuMemcpyHtoDAsync(nint destination, nint source, long bytes, nint stream);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    private static partial int CuMemcpyDtoHAsync(nint destination, nint source, long bytes, nint stream);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuMemcpyDtoDAsync_v2")]
    private static partial int CuMemcpyDtoDAsync(nint destination, nint source, long bytes, nint stream);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuMemsetD8Async")]
    private static partial int CuMemsetD8Async(nint destination, byte value, long bytes, nint stream);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuModuleLoadData")]
    private static partial int CuModuleLoadData(out nint module, byte* image);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuModuleUnload")]
    private static partial int CuModuleUnload(nint module);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuModuleGetFunction", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CuModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuLaunchKernel")]
    private static partial int CuLaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint sharedBytes, nint stream, nint* parameters, nint* extra);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuStreamCreate")]
    private static partial int CuStreamCreate(out nint stream, uint flags);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuStreamDestroy_v2")]
    private static partial int CuStreamDestroy(nint stream);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuStreamSynchronize")]
    private static partial int CuStreamSynchronize(nint stream);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuEventCreate")]
    private static partial int CuEventCreate(out nint handle, uint flags);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuEventDestroy_v2")]
    private static partial int CuEventDestroy(nint handle);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuEventRecord")]
    private static partial int CuEventRecord(nint handle, nint stream);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuEventSynchronize")]
    private static partial int CuEventSynchronize(nint handle);

    [LibraryImport(CudaLibraries.Driver, EntryPoint = "cuEventElapsedTime")]
    private static partial int CuEventElapsedTime(out float milliseconds, nint start, nint end);
}
