namespace Atl.Devices.Cuda;

/// <summary>The driver's description of a GPU, in the words and order of Caffe's device_query.</summary>
internal static class CudaDeviceInfo
{
    /// <summary>A label and a value a line.</summary>
    /// <exception cref="DeviceException">There is no driver, or no such GPU.</exception>
    public static IReadOnlyList<(string Label, string Value)> Read(int ordinal)
    {
        CudaDevice.CheckOrdinal(ordinal);
        ICudaDriver driver = CudaDriver.Load();
        return
        [
            ("Device id", Text(ordinal)),
            ("Major revision number", Of(CudaAttribute.ComputeCapabilityMajor)),
            ("Minor revision number", Of(CudaAttribute.ComputeCapabilityMinor)),
            ("Name", driver.DeviceName(ordinal)),
            ("Total global memory", Text(driver.DeviceMemory(ordinal))),
            ("Total shared memory per block", Of(CudaAttribute.MaxSharedMemoryPerBlock)),
            ("Total registers per block", Of(CudaAttribute.MaxRegistersPerBlock)),
            ("Warp size", Of(CudaAttribute.WarpSize)),
            ("Maximum memory pitch", Of(CudaAttribute.MaxPitch)),
            ("Maximum threads per block", Of(CudaAttribute.MaxThreadsPerBlock)),
            ("Maximum dimension of block", $"{Of(CudaAttribute.MaxBlockDimX)}, {Of(CudaAttribute.MaxBlockDimY)}, "
                + $"{Of(CudaAttribute.MaxBlockDimZ)}"),
            ("Maximum dimension of grid",
                $"{Of(CudaAttribute.MaxGridDimX)}, {Of(CudaAttribute.MaxGridDimY)}, {Of(CudaAttribute.MaxGridDimZ)}"),
            ("Clock rate", Of(CudaAttribute.ClockRate)),
            ("Total constant memory", Of(CudaAttribute.TotalConstantMemory)),
            ("Texture alignment", Of(CudaAttribute.TextureAlignment)),
            ("Concurrent copy and execution", YesNo(CudaAttribute.GpuOverlap)),
            ("Number of multiprocessors", Of(CudaAttribute.MultiprocessorCount)),
            ("Kernel execution timeout", YesNo(CudaAttribute.KernelExecTimeout)),
            ("Driver's CUDA version", CudaDriver.Version(driver.Version)),
            ("Driver's binding", driver.Name),
        ];

        string Of(CudaAttribute attribute) => Text(Attribute(attribute));

        string YesNo(CudaAttribute attribute) => Attribute(attribute) != 0 ? "Yes" : "No";

        int Attribute(CudaAttribute attribute) => driver.DeviceAttribute(ordinal, attribute);
    }

    private static string Text(long value) => FormattableString.Invariant($"{value}");
}
