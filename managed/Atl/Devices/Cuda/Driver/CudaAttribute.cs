namespace Atl.Devices.Cuda;

/// <summary>Properties of a GPU, with the numbers of the driver's CUdevice_attribute.</summary>
internal enum CudaAttribute
{
    /// <summary>Maximum threads of a block.</summary>
    MaxThreadsPerBlock = 1,

    /// <summary>Maximum size of a block along x.</summary>
    MaxBlockDimX = 2,

    /// <summary>Maximum size of a block along y.</summary>
    MaxBlockDimY = 3,

    /// <summary>Maximum size of a block along z.</summary>
    MaxBlockDimZ = 4,

    /// <summary>Maximum size of a grid along x.</summary>
    MaxGridDimX = 5,

    /// <summary>Maximum size of a grid along y.</summary>
    MaxGridDimY = 6,

    /// <summary>Maximum size of a grid along z.</summary>
    MaxGridDimZ = 7,

    /// <summary>Maximum shared memory of a block, in bytes.</summary>
    MaxSharedMemoryPerBlock = 8,

    /// <summary>Constant memory, in bytes.</summary>
    TotalConstantMemory = 9,

    /// <summary>Threads of a warp.</summary>
    WarpSize = 10,

    /// <summary>Maximum pitch of a copy, in bytes.</summary>
    MaxPitch = 11,

    /// <summary>Maximum 32-bit registers of a block.</summary>
    MaxRegistersPerBlock = 12,

    /// <summary>Peak clock rate, in kHz.</summary>
    ClockRate = 13,

    /// <summary>Alignment of textures, in bytes.</summary>
    TextureAlignment = 14,

    /// <summary>1 where copies run beside kernels.</summary>
    GpuOverlap = 15,

    /// <summary>Number of multiprocessors.</summary>
    MultiprocessorCount = 16,

    /// <summary>1 where a kernel's time is limited.</summary>
    KernelExecTimeout = 17,

    /// <summary>Compute capability, major number.</summary>
    ComputeCapabilityMajor = 75,

    /// <summary>Compute capability, minor number.</summary>
    ComputeCapabilityMinor = 76,
}
