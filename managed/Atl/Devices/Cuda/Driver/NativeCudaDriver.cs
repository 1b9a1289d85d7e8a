using System.Runtime.InteropServices;
using static Atl.Devices.Cuda.CudaApi;

namespace Atl.Devices.Cuda;

/// <summary>The built-in binding: the driver's C API by itself.</summary>
internal sealed unsafe class NativeCudaDriver : ICudaDriver
{
    private const int NameLength = 256;

    /// <inheritdoc/>
    public string Name => "built in";

    /// <inheritdoc/>
    public int Version
    {
        get
        {
            Check(DriverGetVersion(out int version));
            return version;
        }
    }

    /// <inheritdoc/>
    public int DeviceCount
    {
        get
        {
            Check(DeviceGetCount(out int count));
            return count;
        }
    }

    /// <inheritdoc/>
    public void Initialize() => Check(Init(0));

    /// <inheritdoc/>
    public string DeviceName(int ordinal)
    {
        byte* text = stackalloc byte[NameLength];
        Check(DeviceGetName(text, NameLength, Device(ordinal)));
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }

    /// <inheritdoc/>
    public long DeviceMemory(int ordinal)
    {
        Check(DeviceTotalMem(out long bytes, Device(ordinal)));
        return bytes;
    }

    /// <inheritdoc/>
    public int DeviceAttribute(int ordinal, CudaAttribute attribute)
    {
        Check(DeviceGetAttribute(out int value, attribute, Device(ordinal)));
        return value;
    }

    /// <inheritdoc/>
    public ICudaContext RetainPrimaryContext(int ordinal) => new NativeCudaContext(Device(ordinal));

    private static int Device(int ordinal)
    {
        Check(DeviceGet(out int device, ordinal));
        return device;
    }
}
