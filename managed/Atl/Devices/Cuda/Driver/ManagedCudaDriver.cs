using System.Runtime.InteropServices;
using System.Text;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using Cu = ManagedCuda.DriverAPINativeMethods;

namespace Atl.Devices.Cuda;

/// <summary>
/// The driver through ManagedCuda-12's declarations of its C API. Compiled only with <c>-p:CudaBinding=ManagedCuda</c>: ManagedCuda is GPLv3 or commercial.
/// </summary>
internal sealed unsafe class ManagedCudaDriver : ICudaDriver
{
    private const int NameLength = 256;

    public int Init() => (int)Cu.cuInit(CUInitializationFlags.None);

    public int DriverGetVersion(out int version)
    {
        version = 0;
        return (int)Cu.cuDriverGetVersion(ref version);
    }

    public string? GetErrorName(int result)
    {
        nint name = 0;
        return Cu.ErrorHandling.cuGetErrorName((CUResult)result, ref name) == CUResult.Success ? Marshal.PtrToStringUTF8(name) : null;
    }

    public int DeviceGetCount(out int count)
    {
        count = 0;
        return (int)Cu.DeviceManagement.cuDeviceGetCount(ref count);
    }

    public int DeviceGet(out int device, int ordinal)
    {
        CUdevice found = default;
        CUResult result = Cu.DeviceManagement.cuDeviceGet(ref found, ordinal);
        device = found.Pointer;
        return (int)result;
    }

    public int DeviceGetName(out string name, int device)
    {
        byte[] text = new byte[NameLength];
        CUResult result = Cu.DeviceManagement.cuDeviceGetName(text, NameLength, Device(device));
        name = Encoding.UTF8.GetString(text, 0, Math.Max(0, Array.IndexOf<byte>(text, 0)));
        return (int)result;
    }

    public int DeviceTotalMem(out long bytes, int device)
    {
        SizeT size = 0;
        CUResult result = Cu.DeviceManagement.cuDeviceTotalMem_v2(ref size, Device(device));
        bytes = size;
        return (int)result;
    }

    public int DeviceGetAttribute(out int value, CudaAttribute attribute, int device)
    {
        value = 0;
        return (int)Cu.DeviceManagement.cuDeviceGetAttribute(ref value, (CUDeviceAttribute)attribute, Device(device));
    }

    public int DevicePrimaryCtxRetain(out nint context, int device)
    {
        CUcontext retained = default;
        CUResult result = Cu.ContextManagement.cuDevicePrimaryCtxRetain(ref retained, Device(device));
        context = retained.Pointer;
        return (int)result;
    }

    public int DevicePrimaryCtxRelease(int device) => (int)Cu.ContextManagement.cuDevicePrimaryCtxRelease(Device(device));

    public int CtxSetCurrent(nint context) => (int)Cu.ContextManagement.cuCtxSetCurrent(new CUcontext { Pointer = context });

    public int MemGetInfo(out long free, out long total)
    {
        SizeT left = 0, all = 0;
        CUResult result = Cu.MemoryManagement.cuMemGetInfo_v2(ref left, ref all);
        (free, total) = (left, all);
        return (int)result;
    }

    public int MemAlloc(out nint pointer, long bytes)
    {
        CUdeviceptr memory = default;
        CUResult result = Cu.MemoryManagement.cuMemAlloc_v2(ref memory, bytes);
        pointer = (nint)(long)memory.Pointer;
        return (int)result;
    }

    public int MemFree(nint pointer) => (int)Cu.MemoryManagement.cuMemFree_v2(Address(pointer));

    public int MemcpyHtoDAsync(nint destination, nint source, long bytes, nint stream) =>
        (int)Cu.AsynchronousMemcpy_v2.cuMemcpyHtoDAsync_v2(Address(destination), source, bytes, Stream(stream));

    public int MemcpyDtoHAsync(nint destination, nint source, long bytes, nint stream) =>
        (int)Cu.AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2(destination, Address(source), bytes, Stream(stream));

    public int MemcpyDtoDAsync(nint destination, nint source, long bytes, nint stream) =>
        (int)Cu.AsynchronousMemcpy_v2.cuMemcpyDtoDAsync_v2(Address(destination), Address(source), bytes, Stream(stream));

    public int MemsetD8Async(nint destination, byte value, long bytes, nint stream) =>
        (int)Cu.MemsetAsync.cuMemsetD8Async(Address(destination), value, bytes, Stream(stream));

    public int ModuleLoadData(out nint module, ReadOnlySpan<byte> image)
    {
        CUmodule loaded = default;
        CUResult result = Cu.ModuleManagement.cuModuleLoadData(ref loaded, image.ToArray());
        module = loaded.Pointer;
        return (int)result;
    }

    public int ModuleUnload(nint module) => (int)Cu.ModuleManagement.cuModuleUnload(new CUmodule { Pointer = module });

    public int ModuleGetFunction(out nint function, nint module, string name)
    {
        CUfunction found = default;
        CUResult result = Cu.ModuleManagement.cuModuleGetFunction(ref found, new CUmodule { Pointer = module }, name);
        function = found.Pointer;
        return (int)result;
    }

    public int LaunchKernel(nint function, uint grid, uint block, nint stream, ReadOnlySpan<nint> parameters) =>
        (int)Cu.Launch.cuLaunchKernel(new CUfunction { Pointer = function }, grid, 1, 1, block, 1, 1, 0, Stream(stream), parameters.ToArray(), null);

    public int StreamCreate(out nint stream)
    {
        CUstream made = default;
        CUResult result = Cu.Streams.cuStreamCreate(ref made, CUStreamFlags.NonBlocking);
        stream = made.Pointer;
        return (int)result;
    }

    public int StreamDestroy(nint stream) => (int)Cu.Streams.cuStreamDestroy_v2(Stream(stream));

    public int StreamSynchronize(nint stream) => (int)Cu.Streams.cuStreamSynchronize(Stream(stream));

    public int EventCreate(out nint handle)
    {
        CUevent made = default;
        CUResult result = Cu.Events.cuEventCreate(ref made, CUEventFlags.Default);
        handle = made.Pointer;
        return (int)result;
    }

    public int EventDestroy(nint handle) => (int)Cu.Events.cuEventDestroy_v2(Event(handle));

    public int EventRecord(nint handle, nint stream) => (int)Cu.Events.cuEventRecord(Event(handle), Stream(stream));

    public int EventSynchronize(nint handle) => (int)Cu.Events.cuEventSynchronize(Event(handle));

    public int EventElapsedTime(out float milliseconds, nint start, nint end)
    {
        milliseconds = 0;
        return (int)Cu.Events.cuEventElapsedTime(ref milliseconds, Event(start), Event(end));
    }

    private static CUdevice Device(int device) => new() { Pointer = device };

    private static CUdeviceptr Address(nint pointer) => new() { Pointer = (long)pointer };

    private static CUstream Stream(nint stream) => new() { Pointer = stream };

    private static CUevent Event(nint handle) => new() { Pointer = handle };
}
