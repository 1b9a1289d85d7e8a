using Atl.Devices.Cuda;
using Api = ManagedCuda.DriverAPINativeMethods;

namespace Atl.ManagedCuda;

/// <summary>The CUDA driver through ManagedCuda.</summary>
internal sealed class ManagedCudaDriver : ICudaDriver
{
    /// <inheritdoc/>
    public string Name => $"ManagedCuda {typeof(Cu.CudaContext).Assembly.GetName().Version?.ToString(3)}";

    /// <inheritdoc/>
    public int Version
    {
        get
        {
            // CudaContext.GetDriverVersion reads 12040 as 12.40.
            int version = 0;
            DriverCall.Check("cuDriverGetVersion", Api.cuDriverGetVersion(ref version));
            return version;
        }
    }

    /// <inheritdoc/>
    public int DeviceCount => DriverCall.Run("cuDeviceGetCount", Cu.CudaContext.GetDeviceCount);

    /// <inheritdoc/>
    public void Initialize() => DriverCall.Check("cuInit", Api.cuInit(CuTypes.CUInitializationFlags.None));

    /// <inheritdoc/>
    public string DeviceName(int ordinal) =>
        DriverCall.Run("cuDeviceGetName", () => Cu.CudaContext.GetDeviceName(ordinal));

    /// <inheritdoc/>
    public long DeviceMemory(int ordinal)
    {
        Cu.BasicTypes.SizeT bytes = 0;
        DriverCall.Check("cuDeviceTotalMem", Api.DeviceManagement.cuDeviceTotalMem_v2(ref bytes, Device(ordinal)));
        return bytes;
    }

    /// <inheritdoc/>
    public int DeviceAttribute(int ordinal, CudaAttribute attribute)
    {
        // CudaContext.GetDeviceInfo reads every property of CUDA 12.8, and fails where an older driver lacks one.
        int value = 0;
        DriverCall.Check("cuDeviceGetAttribute", Api.DeviceManagement.cuDeviceGetAttribute(
            ref value, (CuTypes.CUDeviceAttribute)attribute, Device(ordinal)));
        return value;
    }

    /// <inheritdoc/>
    public ICudaContext RetainPrimaryContext(int ordinal) => new ManagedCudaContext(ordinal);

    private static CuTypes.CUdevice Device(int ordinal) =>
        DriverCall.Run("cuDeviceGet", () => Cu.CudaContext.GetCUdevice(ordinal));
}
